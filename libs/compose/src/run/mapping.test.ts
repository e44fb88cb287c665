import type { Value } from '@basalt/ir';
import { runText } from '../testing/run-text.js';
import type { State } from './state.js';

const STATE: State = { a: 1, n: null, m: { x: 1, y: null }, t: 'text' };

async function input(mapping: string): Promise<Value | undefined> {
  const text = `compose: [{call: lcod://impl/set@1, in: ${mapping}, out: {all: $}}]`;
  return (await runText(text, STATE))['all'];
}

test.each<[string, Value]>([
  ['{a: "=", b: $.none}', { a: 1, b: null }],
  ['{"a?": "=", "n?": "=", "z?": $.none}', { a: 1 }],
  ['{"...": $.m}', { x: 1, y: null }],
  ['{"...": {source: $.m, optional: true}}', { x: 1 }],
  ['{"...": {source: $.m, pick: [y, z]}}', { y: null, z: null }],
  ['{"...": {source: $.m, pick: [x, z], optional: true}}', { x: 1 }],
  ['{"...m": "=", x: 2}', { x: 2, y: null }],
  ['{x: 2, "...": $.m}', { x: 2, y: null }],
  ['{"...": [$.t, $.n, $.none, $.m]}', { x: 1, y: null }],
  ['{"...": {source: $.t, pick: [x]}}', {}],
  ['{"...": "="}', STATE],
])('in %s', async (mapping, expected) => {
  expect(await input(mapping)).toEqual(expected);
});

async function output(mapping: string, result = '$.m'): Promise<State> {
  const call = `{call: lcod://impl/set@1, in: {"...": ${result}}, out: ${mapping}}`;
  const { a, n, m, t, ...rest } = await runText(`compose: [${call}]`, STATE);
  expect({ a, n, m, t }).toEqual(STATE);
  return rest as State;
}

test.each<[string, Value]>([
  ['{p: x, q: none, r: y}', { p: 1, q: null, r: null }],
  ['{p: $}', { p: { x: 1, y: null } }],
  ['{p: $.x}', { p: null }],
  ['{"p?": y, "q?": x}', { q: 1 }],
  ['{"...": "="}', { x: 1, y: null }],
  ['{"...": {source: $, pick: [x]}, p: y}', { x: 1, p: null }],
  ['{"...": {source: $.x}}', {}],
  ['{}', {}],
])('out %s', async (mapping, expected) => {
  expect(await output(mapping)).toEqual(expected);
});

test('nothing is exported without out, and let binds names for what follows', async () => {
  const text = `
compose:
  - call: lcod://impl/set@1
    in: {hidden: 1}
  - let: {b: $.a, c: [$.a, 2]}
  - call: lcod://impl/set@1
    let: {d: $.b}
    in: {sum: $.c, d: $.d}
    out: {sum: "=", e: d}
`;
  expect(await runText(text, { a: 1 })).toEqual({ a: 1, b: 1, c: [1, 2], d: 1, sum: [1, 2], e: 1 });
});
