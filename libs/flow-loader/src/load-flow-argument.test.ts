import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DiagnosticError } from '@basalt/diagnostics';
import { runFlow } from '@basalt/executor';
import { loadFlowArgument, requireFlow, type FlowSources } from './load-flow-argument.js';

let cwd: string;
beforeEach(async () => void (cwd = await mkdtemp(join(tmpdir(), 'basalt-loader-'))));
afterEach(() => rm(cwd, { recursive: true, force: true }));

const flowText = (name: string, answer: string) => `
export const ${name} = defineFlow('${name}', { version: '1.0.0' }, (f) => {
  const trigger = f.trigger('trigger', { output: t.Opaque() });
  const step = f.inline('step', { input: t.Opaque(), output: t.Opaque(), run: () => ${answer} });
  f.connect(trigger, step);
  f.capture(trigger, step);
});
`;
const DSL = "import { defineFlow, t } from '@basalt/flow-dsl';\n";
const DOCUMENT = {
  id: '6f1d2f14-3c0f-5f0b-9d0a-2f6f1f0e4c11',
  name: 'empty',
  version: '1.0.0',
  profile: 'dev',
};

async function sources(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  parts: Partial<FlowSources> = {},
): Promise<FlowSources> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
  }
  return {
    cwd,
    readStdin: () => Promise.resolve(new Uint8Array()),
    shippedFile: () => undefined,
    shippedNames: [],
    ...parts,
  };
}

/** The findings that a load is refused with, as code, message and place. */
async function refusal(argument: string, from: FlowSources) {
  const error: unknown = await loadFlowArgument(argument, from).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DiagnosticError)) throw error;
  return error.diagnostics.map(({ code, message, location }) => ({ code, message, location }));
}

describe('modules', () => {
  test('a TypeScript module with an import beside it is a flow that runs', async () => {
    const from = await sources({
      'parts/answer.ts': 'export const answer: number = 42;\n',
      'flow.ts': `import { answer } from './parts/answer.js';\n${DSL}${flowText('flow', 'answer')}`,
    });
    const { bundle, ir, label, document } = await loadFlowArgument('flow.ts', from);
    expect([label, ir?.name, document]).toEqual(['flow.ts', 'flow', undefined]);
    expect(await runFlow(bundle!, null)).toBe(42);
  });

  test.each(['flow.js', 'flow.mjs', 'flow.mts'])('%s', async (file) => {
    const from = await sources({ [file]: DSL + flowText('flow', '1') });
    expect((await loadFlowArgument(file, from)).ir?.name).toBe('flow');
  });

  test('# chooses, default is the default, and one of several must be named', async () => {
    const text = DSL + flowText('first', '1') + flowText('second', '2');
    const from = await sources({
      'two.ts': text,
      'default.ts': `${text}export default second;\n`,
      'none.ts': 'export const notAFlow = {};\n',
    });
    expect((await loadFlowArgument('two.ts#second', from)).ir?.name).toBe('second');
    expect((await loadFlowArgument('default.ts', from)).ir?.name).toBe('second');
    expect(await refusal('two.ts', from)).toEqual([
      {
        code: 'LOAD004',
        message: 'two.ts exports 2 flows; name one of first, second as two.ts#NAME.',
        location: { file: 'two.ts' },
      },
    ]);
    expect(await refusal('two.ts#frist', from)).toMatchObject([
      { message: 'two.ts exports no flow frist; there is first.' },
    ]);
    expect(await refusal('two.ts#zzzzzz', from)).toMatchObject([
      { message: 'two.ts exports no flow zzzzzz; name one of first, second as two.ts#NAME.' },
    ]);
    expect(await refusal('none.ts', from)).toMatchObject([
      { message: 'none.ts exports no flow; export one made by defineFlow.' },
    ]);
  });

  test('what does not compile is placed, every fault of it', async () => {
    const from = await sources({ 'flow.ts': 'const a = 1;\nconst a = (2;\n' });
    const [first] = await refusal('flow.ts', from);
    expect(first).toMatchObject({ code: 'LOAD002', location: { line: 2 } });
    expect(first!.message).toMatch(/^flow\.ts does not compile: /);
  });

  test('what throws while it loads is placed in the file that threw', async () => {
    const from = await sources({
      'deep/thrower.ts': "export function fail(): never {\n  throw new Error('no database');\n}\n",
      'flow.ts': "import { fail } from './deep/thrower.js';\nfail();\n",
      'text.ts': "throw 'only text';\n",
    });
    const [first] = await refusal('flow.ts', from);
    expect(first).toMatchObject({
      code: 'LOAD003',
      message: 'flow.ts failed while it was loaded: no database',
      location: { line: 2, column: 9 },
    });
    expect(first!.location!.file).toMatch(/deep\/thrower\.ts$/);
    expect(await refusal('text.ts', from)).toEqual([
      {
        code: 'LOAD003',
        message: 'text.ts failed while it was loaded: only text',
        location: { file: 'text.ts' },
      },
    ]);
  });

  test('a flow that is wrong as authored keeps its own findings', async () => {
    const text = DSL + flowText('flow', '1').replace("'step'", "'trigger'");
    const found = await refusal('flow.ts', await sources({ 'flow.ts': text }));
    expect(found.map(({ code }) => code)).toEqual(['DAG205']);
  });

  test('the same file is read anew each time', async () => {
    const from = await sources({ 'flow.ts': DSL + flowText('one', '1') });
    expect((await loadFlowArgument('flow.ts', from)).ir?.name).toBe('one');
    await sources({ 'flow.ts': DSL + flowText('two', '2') });
    expect((await loadFlowArgument('flow.ts', from)).ir?.name).toBe('two');
  });
});

describe('documents', () => {
  test('from a file and from stdin', async () => {
    const text = JSON.stringify(DOCUMENT);
    const readStdin = () => Promise.resolve(new TextEncoder().encode(text));
    const from = await sources({ 'flow.json': text }, { readStdin });
    const file = await loadFlowArgument('flow.json', from);
    const stdin = await loadFlowArgument('-', from);
    expect([requireFlow(file).name, file.document?.file]).toEqual(['empty', 'flow.json']);
    expect([requireFlow(stdin).name, stdin.document?.file]).toEqual(['empty', undefined]);
    expect(stdin.ir).toEqual(file.ir);
  });

  test('what is wrong with one is kept until a flow is required', async () => {
    const from = await sources({ 'flow.json': Uint8Array.of(0xff) });
    const loaded = await loadFlowArgument('flow.json', from);
    expect(loaded.ir).toBeUndefined();
    expect(() => requireFlow(loaded)).toThrow('DOC002');
  });
});

describe('names', () => {
  test('a shipped flow comes before a file of that name', async () => {
    const shipped = join(cwd, 'shipped.mjs');
    const from = await sources(
      {
        'shipped.mjs': `const { defineFlow, t } = globalThis[Symbol.for('basalt.modules')]['@basalt/flow-dsl'];\n${flowText('shipped', '1')}`,
        'shipped.mjs.map': '{"version":3,"sources":[],"names":[],"mappings":""}',
      },
      { shippedFile: (name) => (name === 'echo' ? shipped : undefined), shippedNames: ['echo'] },
    );
    expect((await loadFlowArgument('echo', from)).ir?.name).toBe('shipped');
    expect(await refusal('ehco', from)).toEqual([
      {
        code: 'LOAD001',
        message:
          'There is no flow ehco: no file has that name, but there is a shipped example echo.',
        location: undefined,
      },
    ]);
  });

  test.each([
    ['gone.json', 'no file and no shipped example has that name'],
    ['folder', 'it is a folder'],
    ['', 'its name is empty'],
    ['#flow', 'its name is empty'],
    ['notes.txt', '.txt is not .json, .ts or .js'],
    ['LICENSE', 'a file without ending is not .json, .ts or .js'],
    ['a\0b.ts', 'no file and no shipped example has that name'],
  ])('%j is refused', async (argument, reason) => {
    const from = await sources({ 'folder/x': '', 'notes.txt': '', LICENSE: '' });
    expect((await refusal(argument, from))[0]!.message).toBe(
      `There is no flow ${argument}: ${reason}.`,
    );
  });
});
