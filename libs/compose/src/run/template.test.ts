import type { Value } from '@basalt/ir';
import { closedHost } from '../host/compose-host.js';
import { runText } from '../testing/run-text.js';
import { isPath, pathProblem } from '../document/path-text.js';

/** What a step gets as its input `v`. */
async function evaluated(template: string, state: Record<string, Value> = {}) {
  const text = `compose: [{call: lcod://impl/set@1, in: {v: ${template}}, out: {v: v}}]`;
  const host = { ...closedHost(), environment: { HOME: '/h' } };
  const options = { host, globals: { region: 'eu' }, runId: 'r1' };
  return (await runText(text, state, options))['v'];
}

test.each<[string, Value]>([
  ['$.a.b.1', 20],
  ['$.a.b', [10, 20]],
  ['$.a.b.01', null],
  ['$.a.b.length', null],
  ['$.a.none.x', null],
  ['$.text.0', null],
  ['$.toString', null],
  ['$.a.__proto__', null],
  ['text', 'text'],
  ['"$x"', '$x'],
  ['"$$.a"', '$$.a'],
  ['$environment', '$environment'],
  ['"a $.a b"', 'a $.a b'],
  ['[$.n, {k: $.n}, 3]', [1, { k: 1 }, 3]],
  ['{call: x, in: {k: $.n}}', { call: 'x', in: { k: '$.n' } }],
  ['{bindings: {k: $.n}, n: $.n}', { bindings: { k: '$.n' }, n: 1 }],
  ['$env.HOME', '/h'],
  ['$env.PATH', null],
  ['$globals.region', 'eu'],
  ['$run.id', 'r1'],
  ['$run.input.n', 1],
  ['$slot.item', null],
])('%s', async (template, expected) => {
  const state = { a: { b: [10, 20] }, n: 1, text: 'abc' };
  expect(await evaluated(template, state)).toEqual(expected);
});

test('bindings stay as they are written, at the top of in too', async () => {
  const step = '{call: lcod://impl/set@1, in: {bindings: {x: {path: $.n}}}, out: {b: bindings}}';
  const { b } = await runText(`compose: [${step}]`, { n: 1 });
  expect(b).toEqual({ x: { path: '$.n' } });
});

test.each(['__lcod_state__', '$', '{__lcod_input__: x}', '{__lcod_state__: x}'])(
  '%s is the whole state',
  async (template) => {
    expect(await evaluated(template, { n: 1 })).toEqual({ n: 1 });
  },
);

test('keys that are data stay data', async () => {
  const state = JSON.parse('{"a":{"__proto__":{"x":1}}}') as Record<string, Value>;
  expect(JSON.stringify(await evaluated('{k: $.a}', state))).toBe('{"k":{"__proto__":{"x":1}}}');
  expect(({} as { x?: number }).x).toBeUndefined();
});

test('paths are known from text', () => {
  expect(['$', '$.a', '$slot', '$run.x', '__lcod_state__'].map(isPath)).toEqual(
    Array(5).fill(true),
  );
  expect(['$a', 'a', '$slots.x', '$1', ''].map(isPath)).toEqual(Array(5).fill(false));
  expect(pathProblem('$.a..b')).toBe('a part between two dots is empty');
  expect([pathProblem('$.a.b'), pathProblem('a..b'), pathProblem('$')]).toEqual(
    Array(3).fill(undefined),
  );
});
