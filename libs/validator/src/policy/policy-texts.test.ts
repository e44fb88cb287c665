// Policies in each language that they may be written in.
import { readSource } from '@basalt/source-text';
import { parsePolicy } from './parse-policy.js';

const YAML = `version: 1
capabilities:
  deny: [resource::http::write]
rules:
  - name: no inline effects
    deny: true
    when: node.kind == "inline" && node.effects == "effectful"
`;

const TOML = `version = 1

[capabilities]
deny = ["resource::http::write"]

[[rules]]
name = "no inline effects"
deny = true
when = 'node.kind == "inline" && node.effects == "effectful"'
`;

test('TOML and YAML say the same', () => {
  const yaml = readSource(YAML, 'p.yaml');
  const toml = readSource(TOML, 'p.toml');
  expect(toml.kind === 'read' && toml.value).toEqual(yaml.kind === 'read' && yaml.value);
  expect(parsePolicy(TOML, 'p.toml')).toMatchObject({ diagnostics: [] });
});

test('what is no TOML is placed', () => {
  expect(parsePolicy('version = 1\nrules = = 2\n', 'p.toml').diagnostics).toMatchObject([
    { code: 'POL105', location: { file: 'p.toml', line: 2 } },
  ]);
});

test('a wrong part of a TOML policy is named by its pointer', () => {
  expect(parsePolicy('version = 2\n', 'p.toml').diagnostics).toMatchObject([
    { code: 'POL105', location: { file: 'p.toml', pointer: '/version' } },
  ]);
});

test('prototype keys and huge nesting of TOML give findings, not faults', () => {
  const deep = `a = ${'['.repeat(100_000)}`;
  for (const text of ['[__proto__]\npolluted = true\n', deep, 'a.b.c = 1\na.b = 2\n']) {
    expect(parsePolicy(text, 'p.toml').policy).toBeUndefined();
  }
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
