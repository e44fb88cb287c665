// Runs and records for tests, and any record for property tests.
import fc from 'fast-check';
import { DiagnosticError } from '@basalt/diagnostics';
import type { RunRecord } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import type { RunStart } from '../src/journal-store.js';

export const T0 = 1_700_000_000_000;

/** The start of a run. */
export function startOf(runId: string, more: Partial<RunStart> = {}): RunStart {
  return {
    runId,
    flow: { id: '7d44f1a4-0000-5000-8000-000000000001', name: 'orders', version: '1.2.0' },
    flowHash: 'f'.repeat(64),
    flowDocument: { name: 'orders', nodes: [1, 2, 3] },
    payload: { order: runId.length },
    startedAt: T0,
    ...more,
  };
}

export const key = (n: number) => n.toString(16).padStart(64, '0');

export function attempt(n: number, at = T0): RunRecord {
  return { kind: 'attempt', key: key(n), alias: `node${n}`, attempt: 1, at };
}

export function result(n: number, output: Value = n, completes?: string): RunRecord {
  return {
    kind: 'result',
    key: key(n),
    alias: `node${n}`,
    attempt: 1,
    input: key(n + 1000),
    output,
    emitted: 0,
    ...(completes === undefined ? {} : { completes }),
    at: T0 + n,
  };
}

export function waiting(n: number): RunRecord {
  return { kind: 'waiting', key: key(n), checkpoint: 'approval', correlation: n, at: T0 };
}

export function resumed(n: number, eventId?: string): RunRecord {
  const from = eventId === undefined ? {} : { event: true, eventId };
  const timedOut = eventId === undefined;
  return { kind: 'resumed', key: key(n), checkpoint: 'approval', ...from, timedOut, at: T0 };
}

export function ended(
  status: 'completed' | 'failed' | 'cancelled' = 'completed',
  at = T0 + 500,
): RunRecord {
  return { kind: 'ended', status, output: 'done', findings: [], at };
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const at = fc.integer({ min: 0, max: 4e12 });
const count = fc.nat(9);
const call = { key: text, alias: text, at };
const finding = fc.record({ code: text, message: text, severity: text });

/** Any value of the model. */
export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Value>(null, true, false),
    fc.integer(),
    fc.double(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }),
    text,
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
})).value;

const kind = <K extends RunRecord['kind']>(name: K) => ({ kind: fc.constant(name) });
const some = <T>(arbitrary: fc.Arbitrary<T>) => arbitrary;

/** Any record but the outcome. */
export const anyRecord: fc.Arbitrary<RunRecord> = fc.oneof(
  fc.record(
    { ...kind('attempt'), ...call, attempt: count, idempotencyKey: some(text) },
    { requiredKeys: ['kind', 'key', 'alias', 'at', 'attempt'] },
  ),
  fc.record({ ...kind('emitted'), ...call, index: count, value: anyValue }),
  fc.record(
    {
      ...kind('result'),
      ...call,
      attempt: count,
      input: text,
      output: anyValue,
      emitted: count,
      undo: fc.record({
        input: anyValue,
        within: fc.array(fc.record({ alias: text, scope: text }), { maxLength: 2 }),
      }),
    },
    { requiredKeys: ['kind', 'key', 'alias', 'at', 'attempt', 'input', 'emitted'] },
  ),
  fc.record(
    {
      ...kind('failure'),
      ...call,
      attempt: count,
      errorKind: text,
      reason: text,
      finding,
      retryAt: at,
    },
    {
      requiredKeys: ['kind', 'key', 'alias', 'at', 'attempt', 'errorKind', 'reason', 'finding'],
    },
  ),
  fc.record({
    ...kind('dropped'),
    ...call,
    reason: fc.constantFrom('duplicate' as const, 'unknown' as const),
  }),
  fc.record({ ...kind('arrived'), ...call, scope: text }),
  fc.record({ ...kind('waiting'), key: text, checkpoint: text, correlation: anyValue, at }),
  fc.record(
    {
      ...kind('resumed'),
      key: text,
      checkpoint: text,
      event: anyValue,
      timedOut: fc.boolean(),
      at,
    },
    { requiredKeys: ['kind', 'key', 'checkpoint', 'timedOut', 'at'] },
  ),
  fc.record({ ...kind('compensating'), scope: text, cause: finding, at }),
  fc.record({ ...kind('compensated'), ...call, ok: fc.boolean() }),
);

/** The code that a promise is rejected with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    return `resolved: ${JSON.stringify(await promise)}`;
  } catch (error) {
    return error instanceof DiagnosticError ? error.diagnostic.code : String(error);
  }
}

/** The code that a signal was aborted with. */
export function lostCode(signal: AbortSignal): string | undefined {
  if (!signal.aborted) return undefined;
  return signal.reason instanceof DiagnosticError ? signal.reason.diagnostic.code : 'no code';
}

/** Chunks, together. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** Bytes in chunks of a size. */
export async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
