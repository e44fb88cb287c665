import { numberProblem, textProblem } from './field-problems.js';
import { fieldOf, type NumberField, type TextField } from './form-field.js';

const text = (more: object) => fieldOf({ type: 'string', ...more }) as TextField;
const number = (more: object, type = 'number') => fieldOf({ type, ...more }) as NumberField;

describe('textProblem', () => {
  it('knows lengths, counted in characters', () => {
    const field = text({ minLength: 2, maxLength: 3 });
    expect(['', 'a', '\u{1f600}\u{1f600}', 'abcd'].map((one) => textProblem(field, one))).toEqual([
      'must be given',
      'must have at least 2 characters',
      undefined,
      'must have at most 3 characters',
    ]);
  });

  it('knows patterns, and leaves to the host what it cannot compile', () => {
    expect(textProblem(text({ pattern: '^a+$' }), 'b')).toBe('must match the pattern ^a+$');
    expect(textProblem(text({ pattern: '^a+$' }), 'aa')).toBeUndefined();
    expect(textProblem(text({ pattern: '(' }), 'anything')).toBeUndefined();
  });

  it('knows formats', () => {
    const good = { date: '2026-01-31', email: 'a@b.c', uri: 'https://example.org/', unknown: '?' };
    for (const [format, value] of Object.entries(good)) {
      expect(textProblem(text({ format }), value)).toBeUndefined();
    }
    expect(textProblem(text({ format: 'date' }), '31.1.2026')).toBe(
      'must be a date such as 2026-01-31',
    );
    expect(textProblem(text({ format: 'uuid' }), 'x')).toBe('must be a UUID');
  });
});

describe('numberProblem', () => {
  it('takes numbers only', () => {
    for (const word of ['a', '1e', '0x10', '1,5', '--1', 'NaN', 'Infinity', '1e999']) {
      expect(numberProblem(number({}), word)).toBe('must be a number');
    }
    for (const word of ['0', '-1.5', '1e3', '.5', '+2']) {
      expect(numberProblem(number({}), word)).toBeUndefined();
    }
  });

  it('knows bounds and steps', () => {
    expect(numberProblem(number({}, 'integer'), '1.5')).toBe('must be a whole number');
    expect(numberProblem(number({ minimum: 2 }), '1')).toBe('must be at least 2');
    expect(numberProblem(number({ maximum: 2 }), '3')).toBe('must be at most 2');
    expect(numberProblem(number({ exclusiveMinimum: 2 }), '2')).toBe('must be more than 2');
    expect(numberProblem(number({ exclusiveMaximum: 2 }), '2')).toBe('must be less than 2');
    expect(numberProblem(number({ multipleOf: 0.1 }), '0.3')).toBeUndefined();
    expect(numberProblem(number({ multipleOf: 0.1 }), '0.35')).toBe('must be a multiple of 0.1');
  });
});
