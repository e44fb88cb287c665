// What is wrong with the text of one field, in words that follow its name.
import type { NumberField, TextField } from './form-field.js';

const FORMATS: Readonly<Record<string, readonly [test: RegExp, words: string]>> = {
  date: [/^\d{4}-\d{2}-\d{2}$/, 'a date such as 2026-01-31'],
  time: [/^\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/, 'a time such as 14:30:00Z'],
  'date-time': [
    /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/,
    'a time such as 2026-01-31T14:30:00Z',
  ],
  email: [/^[^\s@]+@[^\s@]+$/, 'an e-mail address'],
  uuid: [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'a UUID'],
  uri: [/^[a-z][a-z0-9+.-]*:\S*$/i, 'an address such as https://example.org/'],
};

export function textProblem(field: TextField, text: string): string | undefined {
  const length = [...text].length;
  if (length < field.minLength) {
    return length === 0 ? 'must be given' : `must have at least ${field.minLength} characters`;
  }
  if (length > field.maxLength) return `must have at most ${field.maxLength} characters`;
  if (field.pattern !== undefined && !matches(field.pattern, text)) {
    return `must match the pattern ${field.pattern}`;
  }
  const format = field.format === undefined ? undefined : FORMATS[field.format];
  if (format !== undefined && !format[0].test(text)) return `must be ${format[1]}`;
  return undefined;
}

export function numberProblem(field: NumberField, text: string): string | undefined {
  const number = Number(text);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || !Number.isFinite(number)) {
    return 'must be a number';
  }
  if (field.isInteger && !Number.isInteger(number)) return 'must be a whole number';
  if (number < field.minimum) return `must be at least ${field.minimum}`;
  if (number > field.maximum) return `must be at most ${field.maximum}`;
  if (number <= field.exclusiveMinimum) return `must be more than ${field.exclusiveMinimum}`;
  if (number >= field.exclusiveMaximum) return `must be less than ${field.exclusiveMaximum}`;
  if (field.multipleOf !== undefined && !isMultiple(number, field.multipleOf)) {
    return `must be a multiple of ${field.multipleOf}`;
  }
  return undefined;
}

/** A pattern that this browser does not know is left to the host. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

function isMultiple(number: number, step: number): boolean {
  const times = number / step;
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times));
}
