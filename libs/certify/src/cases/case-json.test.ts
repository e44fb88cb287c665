import { compilePlan } from '@basalt/executor';
import { s1Echo } from '../../test/testing/certified-flows.js';
import { caseToJson, parseCase } from './case-json.js';
import type { CertifyCase } from './certify-case.js';

const plan = compilePlan(s1Echo);
const { name } = s1Echo.ir;
const point = {
  job: 'input-1-again',
  at: 'commit',
  node: '',
  record: 'ended',
  nth: 1,
  phase: 'after',
};
const GOOD = {
  inputs: [{ id: 'input-1', payload: { text: 'x' } }],
  injections: [
    { kind: 'same_event', input: 'input-1', when: 'after' },
    { kind: 'crash', point },
    { kind: 'delay', point, ms: 3 },
    { kind: 'cut', point, loses: 'answer' },
    { kind: 'reorder', order: ['input-1'] },
    { kind: 'event_twice', input: 'input-1' },
  ],
} as CertifyCase;

test('a case is read as it was written', () => {
  const text = JSON.stringify(caseToJson(GOOD, name));
  expect(parseCase(text, 'case.json', plan)).toEqual(GOOD);
});

const document = caseToJson(GOOD, name);
const [input] = GOOD.inputs;

test.each([
  ['no JSON', '{', 'case.json is no case for'],
  ['no object', 'null', 'it has no format'],
  ['another format', { ...document, format: 'x' }, 'it has no format'],
  ['another version', { ...document, version: 2 }, 'it has no version 1'],
  ['another flow', { ...document, flow: 'other' }, 'it is a case of other'],
  ['no inputs', { ...document, inputs: [] }, 'it has no inputs'],
  ['an input without an id', { ...document, inputs: [{ payload: {} }] }, 'inputs/0 has no id'],
  ['a hostile id', { ...document, inputs: [{ ...input, id: '../x' }] }, 'inputs/0 has no id'],
  ['an id twice', { ...document, inputs: [input, input] }, 'two inputs have one id'],
  ['no value', { ...document, inputs: [{ ...input, payload: { $what: 1 } }] }, 'inputs/0: '],
  [
    'a wrong payload',
    { ...document, inputs: [{ ...input, payload: 3 }] },
    'inputs/0: it must be object',
  ],
  ['injections that are none', { ...document, injections: {} }, 'injections is no list'],
  ['an unknown kind', { ...document, injections: [{ kind: 'meteor' }] }, 'injections/0 is none'],
  [
    'a point that is none',
    { ...document, injections: [{ kind: 'crash', point: {} }] },
    'injections/0 is none',
  ],
  [
    'an endless delay',
    { ...document, injections: [{ kind: 'delay', point, ms: 1e9 }] },
    'injections/0 is none',
  ],
  [
    'an input that is not there',
    { ...document, injections: [{ kind: 'event_twice', input: 'input-9' }] },
    'injections/0 names input-9, which is no input',
  ],
])('CERT107: %s', (_name, given, reason) => {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  expect(() => parseCase(text, 'case.json', plan)).toThrow(
    expect.objectContaining({
      diagnostic: expect.objectContaining({
        code: 'CERT107',
        message: expect.stringContaining(reason) as unknown,
      }) as unknown,
    }),
  );
});
