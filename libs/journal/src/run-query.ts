// The pages of a list of runs: newest first, each page after the last run of the one before.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { RunQuery } from './journal-store.js';

/** A place in the order of a list. */
export interface ListPosition {
  /** Milliseconds since the epoch, whole, at least 0. */
  readonly startedAt: number;
  /** Tells runs of one millisecond apart; grows with time. */
  readonly number: number;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1000;
const TOKEN = /^([0-9a-f]{1,14})-([0-9a-f]{1,14})$/;

function refused(reason: string): DiagnosticError {
  return new DiagnosticError([diagnostic.JRNL012({ reason })]);
}

/** Where a run stands in a list. */
export function listPosition(startedAt: number, number: number): ListPosition {
  const at = Math.min(Math.max(0, Math.floor(startedAt)), Number.MAX_SAFE_INTEGER);
  return { startedAt: at, number };
}

/** The token of the page after a run. */
export function pageToken({ startedAt, number }: ListPosition): string {
  return `${startedAt.toString(16)}-${number.toString(16)}`;
}

/** A query as it is carried out. */
export interface ReadQuery {
  readonly limit: number;
  readonly after?: ListPosition | undefined;
}

/** @throws JRNL012 where a query makes no sense. */
export function readQuery({ limit = DEFAULT_LIMIT, after }: RunQuery): ReadQuery {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw refused(`the limit ${limit} is not from 1 to ${MAX_LIMIT}`);
  }
  if (after === undefined) return { limit };
  const [, startedAt, number] = TOKEN.exec(after) ?? [];
  if (startedAt === undefined || number === undefined) {
    throw refused(`${JSON.stringify(after)} is not the next page of a list`);
  }
  return {
    limit,
    after: { startedAt: Number.parseInt(startedAt, 16), number: Number.parseInt(number, 16) },
  };
}
