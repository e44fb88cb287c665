// The first frame of a journal: what the run was started with, with the hash of the flow document in
// place of the document, which a store keeps once.
import { hashBytes, encodeCanonical, type Value } from '@basalt/ir';
import type { RunStart } from '../journal-store.js';
import { fieldFault, writeFields, type FieldType } from './record-fields.js';
import { isMap } from './is-map.js';

/** A flow document as a store keeps it. */
export interface StoredDocument {
  /** BLAKE3-256 of the bytes, in hex. */
  readonly hash: string;
  readonly bytes: Uint8Array;
}

const KIND = 'start';
const FIELDS: Readonly<Record<keyof Omit<RunStart, 'flowDocument'>, FieldType>> = {
  runId: 'text',
  flow: 'value',
  flowHash: 'text',
  trigger: 'text?',
  capture: 'text?',
  payload: 'value',
  deadlineMs: 'time?',
  labels: 'value?',
  extensions: 'value?',
  deterministic: 'value?',
  startedAt: 'time',
};

/** Documents that were encoded before: a host starts the same flow again and again. */
const known = new WeakMap<object, StoredDocument>();

/** The bytes of a document. @throws DOC034 where it is not a value. */
export function storeDocument(document: Value): StoredDocument {
  if (typeof document !== 'object' || document === null) return encodeDocument(document);
  let stored = known.get(document);
  if (stored === undefined) {
    stored = encodeDocument(document);
    known.set(document, stored);
  }
  return stored;
}

function encodeDocument(document: Value): StoredDocument {
  const bytes = encodeCanonical(document);
  return { hash: hashBytes(bytes), bytes };
}

/** The body of the first frame. */
export function startBody(start: RunStart, document: string): Value {
  return { kind: KIND, document, ...writeFields(start, FIELDS) };
}

/** A start without its document, and the hash of that. */
export interface ReadStart {
  readonly start: Omit<RunStart, 'flowDocument'>;
  readonly document: string;
}

function isTextMap(value: unknown): boolean {
  return isMap(value) && Object.values(value).every((text) => typeof text === 'string');
}

function shapeFault(rest: Readonly<Record<string, unknown>>): string | undefined {
  const { flow, labels, extensions, deterministic } = rest;
  if (!isMap(flow) || ![flow['id'], flow['name'], flow['version']].every(isText)) {
    return 'its flow is not named';
  }
  if (labels !== undefined && !isTextMap(labels)) return 'its labels are none';
  if (extensions !== undefined && !isMap(extensions)) return 'its extensions are none';
  if (deterministic === undefined) return undefined;
  const sound =
    isMap(deterministic) &&
    isText(deterministic['seed']) &&
    typeof deterministic['startMs'] === 'number';
  return sound ? undefined : 'its seed is none';
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** The start of a body, or why it is none. */
export function startOfBody(body: Value): ReadStart | { readonly fault: string } {
  if (!isMap(body)) return { fault: 'it is no map' };
  const { kind, document, ...rest } = body as Readonly<Record<string, Value>>;
  if (kind !== KIND || !isText(document)) return { fault: 'it is not the start of a run' };
  const fault = fieldFault(rest, FIELDS) ?? shapeFault(rest);
  if (fault !== undefined) return { fault };
  return { start: rest as unknown as Omit<RunStart, 'flowDocument'>, document };
}
