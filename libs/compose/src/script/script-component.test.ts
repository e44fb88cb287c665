import type { Value } from '@basalt/ir';
import fc from 'fast-check';
import { DEMO_IMPLEMENTATIONS } from '../demo/demo-implementations.js';
import { closedHost } from '../host/compose-host.js';
import type { LogEntry } from '../host/log-entry.js';
import type { ComposeRunOptions } from '../run/compose-run.js';
import { composeComponent } from '../run/compose-component.js';
import { standardRegistry } from '../run/standard-registry.js';
import type { State } from '../run/state.js';
import { composeOf, failureOf, runText } from '../testing/run-text.js';
import { fromWire, toWire } from './wire.js';

function registry() {
  const all = standardRegistry();
  for (const component of DEMO_IMPLEMENTATIONS) all.register(component);
  return all;
}

const TEXT = (slots: string) =>
  `compose: [{call: lcod://tooling/script@1, in: {"...": "="}, slots: ${slots}, out: {r: $}}]`;

async function script(
  input: State,
  options: Partial<ComposeRunOptions> = {},
  slots = '{}',
): Promise<Value> {
  return (await runText(TEXT(slots), input, { registry: registry(), ...options }))['r']!;
}

async function failure(input: State, options: Partial<ComposeRunOptions> = {}): Promise<Value> {
  return (await failureOf(TEXT('{}'), input, { registry: registry(), ...options }))['code']!;
}

describe('what a script is given', () => {
  test('state is the input, or everything that has no other meaning', async () => {
    const source = '({ state, input, bindings }) => ({ state, same: input === bindings })';
    expect(await script({ source, input: { a: 1 }, b: 2 })).toEqual({
      state: { a: 1 },
      same: true,
    });
    expect(await script({ source, b: 2, meta: { m: 1 } })).toEqual({ state: { b: 2 }, same: true });
  });

  test('bindings come from the state, or are values', async () => {
    const input = {
      source: '({ bindings, meta }) => ({ ...bindings, meta })',
      input: { a: { b: [5] } },
      bindings: { x: { path: '$.a.b.0' }, y: { value: 2 }, z: { path: '$.none', default: 3 } },
      meta: { m: 1 },
    };
    expect(await script(input)).toEqual({ x: 5, y: 2, z: 3, meta: { m: 1 } });
  });

  test('what it changes stays inside', async () => {
    const input = {
      source: '({ state }) => { state.a.push(2); return state; }',
      input: { a: [1] },
    };
    expect(await script(input)).toEqual({ a: [1, 2] });
    expect(input.input).toEqual({ a: [1] });
  });

  test('values of every kind go in and come back', async () => {
    const values = {
      i: 2n ** 70n,
      b: new Uint8Array([1, 255]),
      z: -0,
      n: Number.NaN,
      t: '\u0000x',
    };
    expect(await script({ source: '({ state }) => state', input: values })).toEqual(values);
    expect(
      await script({
        source: '({ state }) => typeof state.i + (state.b instanceof Uint8Array)',
        input: values,
      }),
    ).toBe('biginttrue');
  });

  test('any value survives the wire', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.bigInt(), fc.double()), (one) => {
        const value = one as Value;
        expect(fromWire(toWire(value))).toEqual(value);
      }),
    );
    expect(fromWire('{"\\u0000kind":"int","text":"x"}')).toBeUndefined();
    expect(fromWire('no json')).toBeUndefined();
  });
});

describe('the api', () => {
  test('calls components, by id and by alias', async () => {
    const source = `async (scope, api) => {
      const one = await api.call('lcod://impl/echo@1', { value: 1 });
      const [two, three] = await Promise.all([scope.imports.echo({ value: 2 }), api.imports.echo({ value: 3 })]);
      return { all: [one.val, two.val, three.val] };
    }`;
    expect(await script({ source, imports: { echo: 'lcod://impl/echo@1' } })).toEqual({
      all: [1, 2, 3],
    });
  });

  test('errors of components reach the script with code and data', async () => {
    const source = `async (_, api) => {
      try {
        await api.call('lcod://impl/fail@1', { code: 'e1', message: 'm', data: { d: 1 } });
      } catch (error) {
        return { code: error.code, message: error.message, data: error.data, is: error instanceof Error };
      }
    }`;
    expect(await script({ source })).toEqual({
      code: 'e1',
      message: 'm',
      data: { d: 1 },
      is: true,
    });
  });

  test('runs slots with a state and variables', async () => {
    const source = `async (_, api) => {
      const a = await api.runSlot('work', { n: 2 }, { item: 'x' });
      return { a };
    }`;
    const slots =
      '{work: [{call: lcod://impl/echo@1, in: {value: [$.n, $slot.item]}, out: {v: val}}]}';
    expect(await script({ source }, {}, slots)).toEqual({ a: { n: 2, v: [2, 'x'] } });
    expect(await script({ source })).toMatchObject({ success: false });
  });

  test('runs slots that the caller of its component fills', async () => {
    const body = `compose: [{call: lcod://tooling/script@1, in: {source: "async (_, api) => api.runSlot('work', {n: 1})"}, out: {"...": "="}}]`;
    const all = registry().register(
      composeComponent({ id: 'lcod://x/wrap@1', compose: composeOf(body) }),
    );
    const text = `compose: [{call: lcod://x/wrap@1, slots: {work: [{call: lcod://impl/echo@1, in: {value: $.n}, out: {v: val}}]}, out: {v: v}}]`;
    expect(await runText(text, {}, { registry: all })).toEqual({ v: 1 });
  });

  test('runs tools, and reads the configuration', async () => {
    const source = `async (_, api) => ({
      doubled: await api.run('double', { n: 4 }),
      min: api.config('limits.min'), none: api.config('limits.max', 9), all: api.config(),
    })`;
    const tools = [{ name: 'double', source: '({ n }, api) => n * api.config("factor")' }];
    const config = { factor: 2, limits: { min: 1 } };
    expect(await script({ source, tools, config })).toEqual({
      doubled: 8,
      min: 1,
      none: 9,
      all: config,
    });
    expect(await script({ source: 'async (_, api) => api.run("none")' })).toMatchObject({
      success: false,
      messages: ['Unknown tool: none'],
    });
  });

  test('lines are kept, and console writes the log', async () => {
    const entries: LogEntry[] = [];
    const host = { ...closedHost(), log: (entry: LogEntry) => entries.push(entry) };
    const source = `(_, api) => { api.log('a', { b: 1 }); console.warn('w', 2); return { messages: ['own'] }; }`;
    expect(await script({ source }, { host })).toEqual({ messages: ['own', 'a {"b":1}', 'w 2'] });
    expect(entries).toMatchObject([{ level: 'warn', message: 'w 2' }]);
    expect(await script({ source: '(_, api) => { api.log("x"); return 5; }' })).toEqual({
      result: 5,
      messages: ['x'],
    });
  });

  test('a throw is a result that says so', async () => {
    const thrown = (await script({ source: '() => { throw new TypeError("bad"); }' })) as State;
    expect(thrown).toMatchObject({ success: false, messages: ['bad'] });
    expect(thrown['error']).toMatch(/^TypeError: bad\n.*script\.js/s);
  });

  test('process shows what the host grants', async () => {
    const host = { ...closedHost('/srv'), environment: { A: '1' } };
    const source = '() => ({ env: process.env, cwd: process.cwd() })';
    expect(await script({ source }, { host })).toEqual({ env: { A: '1' }, cwd: '/srv' });
  });
});

describe('limits', () => {
  test.each([
    ['a loop', '() => { for (;;); }'],
    [
      'a loop after a wait',
      'async (_, api) => { await api.call("lcod://impl/echo@1"); for (;;); }',
    ],
    ['jobs without end', 'async () => { for (;;) await null; }'],
    ['a loop that catches', '() => { for (;;) { try { for (;;); } catch {} } }'],
    ['a slow expression', '() => /(a+)+$/.test("a".repeat(40) + "b")'],
    ['a loop while it is compiled', '(() => { for (;;); })()'],
  ])('%s is stopped', async (_name, source) => {
    expect(await failure({ source, timeoutMs: 50 })).toBe('COMP121');
  });

  test.each([
    ['lists', '() => { const a = []; for (;;) a.push(new Array(100000).fill(a.length)); }'],
    ['texts', '() => { const a = []; for (;;) a.push("x".repeat(1000000) + a.length); }'],
    ['bytes', '() => { const a = []; for (;;) a.push(new Uint8Array(1 << 20)); }'],
  ])('%s without end are stopped', async (_name, source) => {
    const end = await failureOf(
      TEXT('{}'),
      { source, timeoutMs: 60_000 },
      { registry: registry() },
    ).catch((error: unknown) => error);
    expect(end).toMatchObject({ code: 'COMP123' });
  });

  test('recursion without end is an error that the script may catch', async () => {
    const source =
      '() => { const f = () => f() + 1; try { f(); } catch (e) { return { name: e.name }; } }';
    expect(await script({ source })).toMatchObject({ name: expect.stringMatching(/Error$/) });
    const deep = '() => JSON.parse("[".repeat(100000))';
    const end = await script({ source: deep }).catch((error: unknown) => error);
    const { success, code } = end as { success?: boolean; code?: string };
    expect([success, code]).toContainEqual(code === undefined ? false : 'COMP124');
    expect(await script({ source: '() => 1' })).toBe(1);
  });

  test('waiting does not count, and a cancellation stops the loop', async () => {
    const source = 'async (_, api) => api.call("lcod://impl/delay@1", { ms: 2500, value: 1 })';
    expect(await script({ source, timeoutMs: 2000 })).toEqual({ value: 1 });
    const loop = 'async (_, api) => api.call("lcod://impl/delay@1", { ms: 600000 })';
    expect(await failure({ source: loop }, { timeoutMs: 30 })).toBe('COMP109');
  });

  test.each<[State, string]>([
    [{}, 'COMP112'],
    [{ source: 'const a = 1' }, 'COMP122'],
    [{ source: '5' }, 'COMP122'],
    [{ source: '() => {}', language: 'python' }, 'COMP112'],
    [{ source: '() => {}', timeoutMs: 0 }, 'COMP112'],
    [{ source: '() => {}', tools: [{ name: 'a' }] }, 'COMP112'],
    [{ source: '() => {}', tools: [{ name: 'a', source: '(' }] }, 'COMP122'],
    [{ source: '() => {}', imports: { a: 1 } }, 'COMP112'],
    [{ source: '() => {}', bindings: { a: 1 } }, 'COMP112'],
  ])('%j is refused with %s', async (input, code) => {
    expect(await failure(input)).toBe(code);
  });

  test('a stopped script leaves the next one alone', async () => {
    const text = `
compose:
  - call: lcod://flow/try@1
    slots:
      body: [{call: lcod://tooling/script@1, in: {source: "() => { globalThis.x = 1; for (;;); }", timeoutMs: 20}}]
      catch: [{call: lcod://impl/set@1, in: {c: $slot.error.code}, out: {c: c}}]
    out: {c: c}
  - call: lcod://tooling/script@1
    in: {source: "() => ({ x: typeof x })"}
    out: {x: x}
`;
    expect(await runText(text, {}, { registry: registry() })).toEqual({
      c: 'COMP121',
      x: 'undefined',
    });
  });
});

describe('no way out', () => {
  test.each([
    'typeof require',
    'typeof module',
    'typeof fetch',
    'typeof setTimeout',
    'typeof Buffer',
    'typeof process.binding',
    'typeof process.mainModule',
    'typeof WebAssembly',
    'typeof std',
    'typeof os',
    'typeof scriptArgs',
    'typeof this.constructor.constructor("return process")().mainModule',
    'typeof api.log.constructor("return typeof require === \'function\' ? require : undefined")()',
    'typeof api.call.constructor("return globalThis.require")()',
    'typeof (async () => {}).constructor("return globalThis.fetch")',
    'typeof Function("return this")().require',
    'typeof api.__proto__.constructor.constructor("return this")().fetch',
  ])('%s finds nothing of the host', async (expression) => {
    const found = (await script({
      source: `function (scope, api) { return [${expression}]; }`,
    })) as string[];
    expect(['undefined', 'function']).toContain(found[0]);
    if (found[0] === 'function') expect(expression).toContain('async () => {}');
  });

  test('modules cannot be imported', async () => {
    const source = 'async () => { await import("node:fs"); }';
    expect(await script({ source })).toMatchObject({ success: false });
  });

  test('a prototype that a script changes is its own', async () => {
    const source = `() => { Object.prototype.polluted = 1; Array.prototype.map = () => 'x'; JSON.stringify = () => '{"a":1}';
      Promise.prototype.then = null; return { ok: true }; }`;
    await script({ source }).catch(() => undefined);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect([1].map((n) => n + 1)).toEqual([2]);
    expect(await script({ source: '() => ({ ok: [1].map((n) => n + 1) })' })).toEqual({ ok: [2] });
  });

  test('what is no value, or pretends to be one, does not come out', async () => {
    const forged = '() => ({ "\\u0000kind": "bytes", text: "zz" })';
    await expect(script({ source: forged })).rejects.toMatchObject({ code: 'unexpected_error' });
    expect(await script({ source: '() => { const a = {}; a.a = a; return a; }' })).toMatchObject({
      success: false,
    });
    expect(await script({ source: '() => ({ f: () => 1, u: undefined, s: Symbol() })' })).toEqual(
      {},
    );
    expect(await script({ source: '() => undefined' })).toBeNull();
    expect(await script({ source: '() => JSON.parse(\'{"__proto__":{"x":1}}\')' })).toEqual(
      JSON.parse('{"__proto__":{"x":1}}'),
    );
  });

  test('a script that answers twice, or never, is still one script', async () => {
    const source = 'async () => ({ then(resolve) { resolve({ a: 1 }); resolve({ a: 2 }); } })';
    expect(await script({ source })).toEqual({ a: 1 });
    const never = { source: '() => new Promise(() => {})' };
    expect(await failure(never, { timeoutMs: 30 })).toBe('COMP109');
  });
});
