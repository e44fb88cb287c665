// The bodies of requests that change a run: an event for it, or the reason of its end.
import { randomUUID } from 'node:crypto';
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { formatPointer, isPlainObject, type Value } from '@basalt/ir';
import type { FastifyRequest } from 'fastify';
import { idempotencyKeyIn } from '../invocation/idempotency-key.js';

/** An event for a run. */
export interface RunEvent {
  /** Names the event: another one with this id is not taken in. */
  readonly id: string;
  readonly checkpoint: string;
  readonly key: Value;
  readonly payload: Value;
}

/** Bytes of UTF-8 of an id or a reason. */
const MAX_TEXT_BYTES = 1024;
const DEFAULT_REASON = 'it was cancelled over HTTP';

type Fields = Readonly<Record<string, Value | undefined>>;

/** The event in the body {checkpoint, key, payload, id}. Without `id`, the headers `X-Event-Id` or
 * `Idempotency-Key` name it, else it has an id of its own.
 * @throws DiagnosticError HTTP161 with details {pointer}, HTTP131. */
export function runEventOf(run: string, { body, headers }: FastifyRequest): RunEvent {
  const refuse = refuserOf(run, 'event');
  const fields = fieldsOf(body, ['checkpoint', 'key', 'payload', 'id'], refuse);
  const { checkpoint, key, payload = null, id: given } = fields;
  if (typeof checkpoint !== 'string' || checkpoint === '') {
    throw refuse('checkpoint has to be the id of a checkpoint', 'checkpoint');
  }
  if (key === undefined) throw refuse('key is missing, by which the run knows its event', 'key');
  const id = given ?? headers['x-event-id'] ?? idempotencyKeyIn(headers) ?? randomUUID();
  return { id: shortText(id, 'id', refuse), checkpoint, key, payload };
}

/** The reason in the body {reason}, which may be absent. @throws DiagnosticError HTTP161. */
export function reasonOf(run: string, { body }: FastifyRequest): string {
  if (body === undefined || body === null) return DEFAULT_REASON;
  const refuse = refuserOf(run, 'cancellation');
  const { reason = DEFAULT_REASON } = fieldsOf(body, ['reason'], refuse);
  return shortText(reason, 'reason', refuse);
}

type Refuse = (problem: string, field?: string) => DiagnosticError;

function refuserOf(run: string, what: string): Refuse {
  return (problem, field) => {
    const pointer = formatPointer(field === undefined ? [] : [field]);
    const params = { what, run: run.slice(0, 100), problem };
    return new DiagnosticError([diagnostic.HTTP161(params, undefined, { details: { pointer } })]);
  };
}

function fieldsOf(body: unknown, known: readonly string[], refuse: Refuse): Fields {
  const isMap = typeof body === 'object' && body !== null && isPlainObject(body);
  if (!isMap) throw refuse('its body is no JSON object');
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown === undefined) return body as Fields;
  const name = unknown.slice(0, 100);
  throw refuse(`the field ${JSON.stringify(name)} is not known`, name);
}

function shortText(value: unknown, field: string, refuse: Refuse): string {
  if (typeof value !== 'string' || value === '') throw refuse(`${field} has to be a text`, field);
  if (Buffer.byteLength(value) > MAX_TEXT_BYTES) {
    throw refuse(`${field} is longer than ${MAX_TEXT_BYTES} bytes`, field);
  }
  if (/\p{Surrogate}/u.test(value)) throw refuse(`${field} is no well-formed text`, field);
  return value;
}
