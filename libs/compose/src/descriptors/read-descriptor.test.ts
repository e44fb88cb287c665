import { readFileSync } from 'node:fs';
import { LOCK_SCHEMA } from '../resolver/lock-schema.js';
import { descriptorText, shownFindings } from '../testing/project-files.js';
import { WORKSPACE_SCHEMA } from '../workspace/workspace-schema.js';
import { MAX_SOURCE_LENGTH } from './checked-source.js';
import { LCP_SCHEMA } from './lcp-schema.js';
import { readDescriptor } from './read-descriptor.js';

const ID = 'lcod://shop/cart/add@1.2.0';
const text = (more = '', kind?: string) => descriptorText(ID, more, kind);

async function findings(source: string): Promise<readonly string[]> {
  return shownFindings((await readDescriptor(source, 'lcp.toml')).diagnostics);
}

test.each([
  ['lcp', LCP_SCHEMA],
  ['lcp-workspace', WORKSPACE_SCHEMA],
  ['lcp-lock', LOCK_SCHEMA],
])('schemas/%s.schema.json is what files are checked with', (name, schema) => {
  const file = new URL(`../../../../schemas/${name}.schema.json`, import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema);
});

test('a descriptor with every part is read', async () => {
  const more = `
implements = "lcod://contract/shop/add@1"
[inputs.price]
summary = "p"
schema = '{"type":"number"}'
required = true
example = "1"
examples = ["2"]
default = "3"
locales.fr = { summary = "prix" }
[outputs.sum]
summary = "s"
schema = 'true'
[slots.body]
summary = "b"
schema = '{"$schema":"http://json-schema.org/draft-07/schema#","items":[{"type":"number"}]}'
[deps]
requires = ["lcod://shop/tax@1", "lcod://shop/log@1.0.0-rc.1"]
[tool]
name = "add"
inputSchema = "in.json"
[hints]
timeoutMs = 100
retries = 2
idempotent = true
pure = false
[documentation]
body = "x"
[documentation.locales.fr-CA]
summary = "s"
[palette]
category = "c"
tags = ["t"]
[implMatrix]
languages = ["js"]
[ui]
kind = "react"
slots = ["body"]
`;
  const { descriptor, diagnostics } = await readDescriptor(text(more), 'lcp.toml');
  expect(diagnostics).toEqual([]);
  expect(descriptor?.inputs?.['price']?.default).toBe('3');
});

test.each<[string, string, readonly string[]]>([
  ['no TOML', 'id = lcod', ['COMP201 lcp.toml:1']],
  ['a key twice', `${text()}id = "x"`, ['COMP201 lcp.toml:7']],
  ['nothing', '', Array<string>(5).fill('COMP202 lcp.toml:1')],
  ['an unknown key', text('sumary = "x"'), ['COMP203 lcp.toml:6']],
  ['a key of version 1', text('[docs]\nreadme = "x"'), ['COMP203 lcp.toml:6']],
  ['an id with dots', descriptorText('lcod://shop/../pay@1.0.0'), ['COMP204 lcp.toml:2']],
  ['an id of one segment', descriptorText('lcod://shop@1.0.0'), ['COMP202 lcp.toml:2']],
  [
    'a required id with dots',
    text('[deps]\nrequires = ["lcod://a/./b@1"]'),
    ['COMP204 lcp.toml:7'],
  ],
  ['a schema in words', text('[inputs.a]\nsummary="a"\nschema="string"'), ['COMP205 lcp.toml:8']],
  [
    'a schema with an unknown type',
    text('[outputs.a]\nsummary="a"\nschema=\'{"type":"text"}\''),
    ['COMP205 lcp.toml:8'],
  ],
  [
    'a schema that refers to the network',
    text('[inputs.a]\nsummary="a"\nschema=\'{"$ref":"http://x.example/y"}\''),
    ['COMP205 lcp.toml:8'],
  ],
  [
    'a contract that implements',
    text('implements = "lcod://contract/a/b@1"\n[implMatrix]\nlanguages = []', 'contract'),
    ['COMP207 lcp.toml:6', 'COMP207 lcp.toml:7'],
  ],
  [
    'two versions',
    descriptorText(ID).replace('version = "1.2.0"', 'version = "1.3.0"'),
    ['COMP208 lcp.toml:3'],
  ],
  [
    'a default that is refused',
    text('[inputs.a]\nsummary="a"\nschema=\'{"type":"number"}\'\ndefault=\'"x"\''),
    ['COMP209 lcp.toml:9'],
  ],
  [
    'a default that is no JSON',
    text('[inputs.a]\nsummary="a"\nschema=\'{"type":"number"}\'\ndefault="x"'),
    ['COMP209 lcp.toml:9'],
  ],
  ['retries of what may not be repeated', text('[hints]\nretries = 3'), ['COMP210 lcp.toml:7']],
  ['negative retries', text('[hints]\nretries = -1'), ['COMP202 lcp.toml:7']],
  [
    'a name that is no data',
    text('[inputs.__proto__]\nsummary="a"\nschema="true"'),
    ['COMP202 lcp.toml:6'],
  ],
  [
    'a name with spaces',
    text('[inputs."a b"]\nsummary="a"\nschema="true"'),
    ['COMP202 lcp.toml:6'],
  ],
])('%s is told by line', async (_, source, expected) => {
  const found = await findings(source);
  expect(found.map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual(expected);
});

test('messages name the part, and what is meant', async () => {
  const source = text('sumary = "x"\n[ui]\nkind = "angular"').replace('"1.2.0"', '"1"');
  const { diagnostics } = await readDescriptor(source, 'lcp.toml');
  expect(diagnostics.map(({ message, help }) => [message, help])).toEqual([
    ['The key sumary is not known in the descriptor.', 'Did you mean summary?'],
    [
      'version must be MAJOR.MINOR.PATCH, with -pre and +build where they are needed.',
      expect.any(String),
    ],
    ['ui.kind must be one of react, svelte, vue, webcomponent.', expect.any(String)],
  ]);
});

test('a text that is too long is not parsed', async () => {
  expect(await findings(' '.repeat(MAX_SOURCE_LENGTH + 1))).toEqual([
    `COMP201 lcp.toml:0 The descriptor cannot be read: it is longer than ${MAX_SOURCE_LENGTH} characters.`,
  ]);
});
