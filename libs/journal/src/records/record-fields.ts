// The fields of everything that a journal keeps, as data: one table writes records and reads them back,
// and does not compile where the executor's records change without it.
import type { RunRecord } from '@basalt/executor';
import { type Value } from '@basalt/ir';
import { isMap } from './is-map.js';

/** What a field holds. `?` marks one that may be absent. */
export type FieldType = keyof typeof TESTS | `${keyof typeof TESTS}?`;

/** The fields of one kind of thing. */
export type Fields = Readonly<Record<string, FieldType>>;

const isText = (value: unknown) => typeof value === 'string';
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

function isFinding(value: unknown): boolean {
  if (!isMap(value)) return false;
  const { code, message, severity, ...rest } = value;
  return [code, message, severity].every(isText) && Object.keys(rest).length === 0;
}

function isUndo(value: unknown): boolean {
  if (!isMap(value) || !('input' in value) || !Array.isArray(value['within'])) return false;
  return value['within'].every(
    (step) => isMap(step) && isText(step['alias']) && isText(step['scope']),
  );
}

const TESTS = {
  text: isText,
  count: isCount,
  /** Milliseconds since the epoch; a virtual clock may be anywhere. */
  time: (value: unknown) => typeof value === 'number' && Number.isFinite(value),
  flag: (value: unknown) => typeof value === 'boolean',
  /** Anything: it was read as a value, or will be refused when it is written. */
  value: (_value: unknown) => true,
  finding: isFinding,
  findings: (value: unknown) => Array.isArray(value) && value.every(isFinding),
  undo: isUndo,
  dropReason: (value: unknown) => value === 'duplicate' || value === 'unknown',
  outcome: (value: unknown) => value === 'completed' || value === 'failed' || value === 'cancelled',
};

type RecordFields = {
  readonly [K in RunRecord['kind']]: Readonly<
    Record<keyof Omit<Extract<RunRecord, { kind: K }>, 'kind'>, FieldType>
  >;
};

const OF_A_CALL = { key: 'text', alias: 'text', at: 'time' } as const;

/** The fields of each kind of record, without `kind`. */
export const RECORD_FIELDS: RecordFields = {
  attempt: { ...OF_A_CALL, attempt: 'count', idempotencyKey: 'text?' },
  emitted: { ...OF_A_CALL, index: 'count', value: 'value' },
  result: {
    ...OF_A_CALL,
    attempt: 'count',
    input: 'text',
    output: 'value?',
    emitted: 'count',
    completes: 'text?',
    undo: 'undo?',
  },
  failure: {
    ...OF_A_CALL,
    attempt: 'count',
    errorKind: 'text',
    reason: 'text',
    finding: 'finding',
    retryAt: 'time?',
  },
  dropped: { ...OF_A_CALL, reason: 'dropReason' },
  arrived: { ...OF_A_CALL, scope: 'text' },
  waiting: { key: 'text', checkpoint: 'text', correlation: 'value', due: 'time?', at: 'time' },
  resumed: {
    key: 'text',
    checkpoint: 'text',
    event: 'value?',
    eventId: 'text?',
    timedOut: 'flag',
    at: 'time',
  },
  compensating: { scope: 'text', cause: 'finding', at: 'time' },
  compensated: { ...OF_A_CALL, ok: 'flag' },
  ended: { status: 'outcome', output: 'value?', findings: 'findings', at: 'time' },
};

/** A thing with these fields, without those that are undefined: what the codec takes. */
export function writeFields(thing: object, fields: Fields): Record<string, Value> {
  const written: Record<string, Value> = {};
  for (const name in fields) {
    const value = (thing as Record<string, Value | undefined>)[name];
    // One that is missing although it must be there is refused by the codec.
    if (value !== undefined || !fields[name]!.endsWith('?')) written[name] = value!;
  }
  return written;
}

/** Why `value` is not a thing with exactly these fields; undefined where it is one. */
export function fieldFault(value: Readonly<Record<string, unknown>>, fields: Fields) {
  for (const name in fields) {
    const type = fields[name]!;
    const optional = type.endsWith('?');
    const found = value[name];
    if (found === undefined) {
      if (optional) continue;
      return `its ${name} is missing`;
    }
    const test = TESTS[(optional ? type.slice(0, -1) : type) as keyof typeof TESTS];
    if (!test(found)) return `its ${name} is not one`;
  }
  for (const name in value) if (!Object.hasOwn(fields, name)) return `${name} is not known`;
  return undefined;
}
