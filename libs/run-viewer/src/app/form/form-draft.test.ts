import fc from 'fast-check';
import type { ShownJson } from '../../viewer-protocol.js';
import { draftOf, emptyDraft, readDraft, type Draft } from './form-draft.js';
import { fieldOf } from './form-field.js';

const order: ShownJson = {
  type: 'object',
  required: ['id', 'country', 'lines', 'payment'],
  properties: {
    id: { type: 'string', minLength: 1 },
    country: { enum: ['DE', 'FR'] },
    lines: {
      type: 'array',
      minItems: 1,
      maxItems: 2,
      items: {
        type: 'object',
        required: ['sku', 'quantity'],
        properties: { sku: { type: 'string' }, quantity: { type: 'integer', minimum: 1 } },
      },
    },
    payment: {
      oneOf: [
        {
          type: 'object',
          required: ['kind', 'number'],
          properties: { kind: { const: 'card' }, number: { type: 'string' } },
        },
        {
          type: 'object',
          required: ['kind', 'days'],
          properties: { kind: { const: 'invoice' }, days: { type: 'integer' } },
        },
      ],
    },
    urgent: { type: 'boolean' },
    note: { type: 'string' },
    address: { type: 'object', required: ['zip'], properties: { zip: { type: 'string' } } },
    extra: { type: 'object', additionalProperties: { type: 'number' } },
  },
};

const field = fieldOf(order);
const read = (draft: Draft) => readDraft(field, draft, true);

const whole: ShownJson = {
  id: 'o-1',
  country: 'FR',
  lines: [{ sku: 'a', quantity: 2 }],
  payment: { kind: 'invoice', days: 14 },
  urgent: false,
  note: 'n',
  address: { zip: '1' },
  extra: { x: 1 },
};

describe('readDraft', () => {
  it('reads back what was put in', () => {
    expect(read(draftOf(field, whole))).toEqual({ value: whole, problems: [] });
  });

  it('says what is missing in an empty form, field by field', () => {
    expect(read(emptyDraft(field)).problems).toEqual([
      { pointer: '/id', message: 'must be given' },
      { pointer: '/country', message: 'must be given' },
      { pointer: '/lines/0/quantity', message: 'must be given' },
    ]);
  });

  it('leaves out what is optional and empty', () => {
    const optional = new Set(['urgent', 'note', 'address', 'extra']);
    const least = Object.fromEntries(
      Object.entries(whole as object).filter(([name]) => !optional.has(name)),
    ) as ShownJson;
    expect(read(draftOf(field, least))).toEqual({ value: least, problems: [] });
  });

  it('keeps what is wrong as it was typed', () => {
    const draft = draftOf(field, whole) as Draft & { kind: 'map' };
    const lines: Draft = {
      kind: 'list',
      items: [1, 2, 3].map(() => ({
        kind: 'map',
        members: { sku: { kind: 'text', text: 'a' }, quantity: { kind: 'number', text: '1.5' } },
      })),
    };
    const extra: Draft = { kind: 'json', text: '{"x":' };
    const found = read({ kind: 'map', members: { ...draft.members, lines, extra } });
    expect(found.problems.map(({ pointer, message }) => [pointer, message.slice(0, 22)])).toEqual([
      ['/lines/0/quantity', 'must be a whole number'],
      ['/lines/1/quantity', 'must be a whole number'],
      ['/lines/2/quantity', 'must be a whole number'],
      ['/lines', 'must have at most 2 it'],
      ['/extra', 'is no JSON: Unexpected'],
    ]);
  });

  it('writes pointers of names with slashes', () => {
    const odd = fieldOf({
      type: 'object',
      required: ['a/b~c'],
      properties: { 'a/b~c': { type: 'integer' } },
    });
    expect(readDraft(odd, emptyDraft(odd), true).problems).toEqual([
      { pointer: '/a~1b~0c', message: 'must be given' },
    ]);
  });

  it('ignores a draft of another kind of field', () => {
    expect(readDraft(field, { kind: 'text', text: 'x' }, true)).toEqual({
      value: undefined,
      problems: [{ pointer: '', message: 'must be given' }],
    });
  });

  it('gives what the schema allows for any JSON that it is filled from', () => {
    fc.assert(
      fc.property(fc.jsonValue() as fc.Arbitrary<ShownJson>, (json) => {
        const { value, problems } = read(draftOf(field, json));
        expect(typeof value).toBe('object');
        expect(problems.every(({ pointer }) => pointer.startsWith('/'))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('emptyDraft', () => {
  it('begins with defaults and examples, and with the only value of a constant', () => {
    const schema = {
      type: 'object',
      required: ['n', 'mode', 'kind', 'flag'],
      properties: {
        n: { type: 'integer', default: 3 },
        mode: { enum: ['a', 'b'], examples: ['b'] },
        kind: { const: 'x' },
        flag: { type: 'boolean', default: true },
      },
    };
    const made = fieldOf(schema);
    expect(readDraft(made, emptyDraft(made), true)).toEqual({
      value: { n: 3, mode: 'b', kind: 'x', flag: true },
      problems: [],
    });
  });
});

describe('draftOf', () => {
  it('chooses the option that a value fits', () => {
    const draft = draftOf(field, whole) as Draft & { kind: 'map' };
    expect(draft.members['payment']).toMatchObject({ kind: 'choice', index: 1 });
  });
});
