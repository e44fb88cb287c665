import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import type { Diagnostic } from '@basalt/diagnostics';
import type { FlowBundle, NodeHandler } from '@basalt/executor';
import ts from 'typescript';
import {
  authoredLocation,
  checkBodies,
  defineFlow,
  registerSourceMap,
  type AnyFlow,
} from './index.js';

const options = { version: '1.0.0' } as const;

/** "CODE message @file:line:column". */
function lines(findings: readonly Diagnostic[]): string[] {
  return findings.map(({ code, message, location: at }) =>
    at === undefined
      ? `${code} ${message}`
      : `${code} ${message} @${at.file}:${at.line}:${at.column}`,
  );
}

const TYPESCRIPT = `// A flow in TypeScript.
interface Order { readonly id: string }

type Ignored = { readonly much: 'text' };

const counter: { n: number } = { n: 0 };

export const flow = defineFlow('typed', { version: '1.0.0' }, (f: Builder) => {
  const request: Node<Order> = f.trigger('request');
  const price = f.inline('price', {
    run: (order: Order): number => {
      counter.n += 1;
      return order.id.length * Math.random();
    },
  });
  f.connect(request, price);
});
`;

/** Runs the text as a loader would: transpiled, registered, imported. */
function load(name: string, register: boolean): { readonly flow: AnyFlow; readonly code: string } {
  const url = pathToFileURL(`/virtual/${name}.mjs`).href;
  const transpiled = ts.transpileModule(TYPESCRIPT, {
    fileName: 'flows/typed.ts',
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      sourceMap: true,
    },
  });
  const code = transpiled.outputText.replace('export const flow =', 'return             ');
  const whole = `(function (defineFlow) {${code}\n})`;
  const map = { ...(JSON.parse(transpiled.sourceMapText!) as object), sources: ['flows/typed.ts'] };
  if (register) registerSourceMap(url, map as never, whole);
  const run = new Script(whole, { filename: url }).runInThisContext() as (d: unknown) => AnyFlow;
  return { flow: run(defineFlow), code: whole };
}

describe('checkBodies', () => {
  it('points into the original TypeScript', () => {
    const { flow } = load('registered', true);
    expect(lines(checkBodies(flow))).toEqual([
      'BODY103 The body of node price uses counter, a module variable that changes. @flows/typed.ts:12:7',
      'BODY101 The body of node price uses Math.random, which is not deterministic. @flows/typed.ts:13:32',
    ]);
    const [request, price] = flow.ir.nodes;
    expect(request!.source).toEqual({ file: 'flows/typed.ts', line: 9, column: 34 });
    expect(price!.source).toEqual({ file: 'flows/typed.ts', line: 10, column: 19 });
    expect(authoredLocation(flow, '/edges/0/from')).toEqual({
      file: 'flows/typed.ts',
      line: 16,
      column: 5,
    });
    expect(authoredLocation(flow, '/version')).toEqual({
      file: 'flows/typed.ts',
      line: 8,
      column: 21,
    });
  });

  it('says what to use instead', () => {
    const { flow } = load('registered', true);
    expect(checkBodies(flow)[1]!.help).toBe(
      "Use ctx.random and declare uses: ['resource::rng'], or take the number from the input.",
    );
  });

  it('takes the code from readSource', () => {
    const { flow, code } = load('unregistered', false);
    const asked: string[] = [];
    const readSource = (url: string) => {
      asked.push(url);
      return code;
    };
    expect(checkBodies(flow, { readSource }).map(({ code: found }) => found)).toEqual([
      'BODY103',
      'BODY101',
    ]);
    expect(asked).toEqual(['file:///virtual/unregistered.mjs']);
    expect(flow.ir.nodes.map(({ source }) => source)).toEqual([undefined, undefined]);
  });

  it('says so when the module cannot be read', () => {
    const { flow } = load('unreadable', false);
    const file = relative(process.cwd(), '/virtual/unreadable.mjs');
    expect(lines(checkBodies(flow)).map((line) => line.replace(/:\d+:\d+$/, ''))).toEqual([
      `BODY103 The body of node price uses counter.n, a module variable that changes. @${file}`,
      `BODY101 The body of node price uses Math.random, which is not deterministic. @${file}`,
      `BODY106 The body of node price cannot be scanned: it uses counter of a module whose source cannot be read. @${file}`,
    ]);
  });

  it('reads plain JavaScript from disk', async () => {
    const url = new URL('./testing/plain-flow.mjs', import.meta.url);
    const { plain } = (await import(fileURLToPath(url))) as { plain: AnyFlow };
    const file = 'src/testing/plain-flow.mjs';
    expect(lines(checkBodies(plain))).toEqual([
      `BODY101 The body of node mark uses Date.now, which is not deterministic. @${file}:7:10`,
      `BODY103 The body of node count uses seen, a module variable that changes. @${file}:17:7`,
    ]);
  });

  it('scans compensators and subflows, each once', () => {
    const inner = defineFlow('inner', options, (f) => {
      f.inline('roll', { run: () => Math.random() });
    });
    const outer = defineFlow('outer', options, (f) => {
      f.subflow('a', inner);
      f.subflow('b', inner);
      f.inline('undo', { run: (x) => x, compensate: { run: () => new Date() } });
    });
    expect(checkBodies(outer).map(({ message }) => message)).toEqual([
      'The body of node undo uses new Date(), which is not deterministic.',
      'The body of node roll uses Math.random, which is not deterministic.',
    ]);
  });

  it('warns of functions that have no text', () => {
    const flow = defineFlow('native', options, (f) => {
      f.inline('bound', { run: ((x: unknown) => x).bind(null) });
      f.inline('native', { run: Math.random as never });
    });
    expect(checkBodies(flow).map(({ severity, message }) => [severity, message])).toEqual([
      ['warning', 'The body of node bound cannot be scanned: it is a native or bound function.'],
      ['warning', 'The body of node native cannot be scanned: it is a native or bound function.'],
    ]);
  });

  it('warns of a body that is too deep for the stack', () => {
    const found = [100, 4_000, 6_000, 8_000, 200_000].map((depth) => {
      const deep = new Function(`return 1${' + 1'.repeat(depth)};`) as NodeHandler;
      const flow = defineFlow('deep', options, (f) => void f.inline('sum', { run: deep as never }));
      return checkBodies(flow).map(({ code }) => code);
    });
    expect([found[0], found.at(-1)]).toEqual([[], ['BODY106']]);
    for (const codes of found) expect([[], ['BODY106']]).toContainEqual(codes);
  });

  it('takes methods, classes and functions of every form', () => {
    const held = {
      run() {
        return Date.now();
      },
      async later() {
        return Date.now();
      },
    };
    class Kept {
      static run() {
        return Date.now();
      }
    }
    const flow = defineFlow('forms', options, (f) => {
      f.inline('a', { run: () => held.run() });
      f.inline('b', held);
      f.inline('c', { run: held.later });
      f.inline('d', { run: Kept.run });
      f.inline('e', { run: async () => Date.now() });
      f.inline('g', {
        async *run() {
          yield Date.now();
        },
      });
      f.inline('h', {
        run: function named() {
          return Date.now();
        },
      });
    });
    const found = checkBodies(flow).map(({ code, message }) => `${code} ${message.split(' ')[4]}`);
    expect(found).toEqual([
      'BODY106 a',
      'BODY101 b',
      'BODY101 c',
      'BODY101 d',
      'BODY101 e',
      'BODY101 g',
      'BODY101 h',
    ]);
  });

  it('scans bundles of another origin by their functions alone', () => {
    const { ir } = defineFlow('foreign', options, (f) => void f.inline('a', { run: (x) => x }));
    const bundle: FlowBundle = { ir, handlers: new Map([['foreign::a', () => Math.random()]]) };
    expect(lines(checkBodies(bundle))).toEqual([
      'BODY101 The body of node a uses Math.random, which is not deterministic.',
    ]);
    expect(checkBodies({ ir, handlers: new Map() })).toEqual([]);
    expect(authoredLocation(bundle, '/nodes/0')).toBeUndefined();
  });

  it('finds nothing in triggers that only pass their payload on', () => {
    expect(checkBodies(defineFlow('x', options, (f) => void f.trigger('start')))).toEqual([]);
  });
});
