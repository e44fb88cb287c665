// Lists runs, newest first, a page at a time. A cursor is the number of the last run that was looked
// at: it stays true while runs come and go.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { RecordedRun } from './recorded-run.js';
import type { RunStore } from './run-store.js';

export const RUN_STATUS_WORDS = ['running', 'waiting', 'completed', 'failed', 'cancelled'] as const;
export type RunStatusWord = (typeof RUN_STATUS_WORDS)[number];

export interface RunQuery {
  /** Id of a flow. */
  readonly flow: string | undefined;
  readonly status: RunStatusWord | undefined;
  /** Lower case; looked for in the id, the name of the flow, and labels. */
  readonly text: string;
  /** Milliseconds since the epoch, inclusive. */
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly limit: number;
  /** Runs with a lower number only. */
  readonly before: number;
}

export interface FoundRuns {
  readonly runs: readonly RecordedRun[];
  /** Undefined where nothing can follow. */
  readonly next: string | undefined;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const MAX_TEXT = 200;
/** Runs that one request looks at: a page that is not full by then comes with a cursor all the same. */
const MAX_EXAMINED = 5000;

/** Reads the parameters of a request. @throws DiagnosticError VIEW003. */
export function parseRunQuery(params: URLSearchParams): RunQuery {
  const status = params.get('status') || undefined;
  if (status !== undefined && !isStatus(status)) {
    throw unusable('status', `${status} is none of ${RUN_STATUS_WORDS.join(', ')}`);
  }
  return {
    flow: params.get('flow') || undefined,
    status,
    text: (params.get('q') ?? '').trim().slice(0, MAX_TEXT).toLowerCase(),
    since: whole(params, 'since', 0, Number.MAX_SAFE_INTEGER),
    until: whole(params, 'until', 0, Number.MAX_SAFE_INTEGER),
    limit: whole(params, 'limit', 1, MAX_LIMIT) ?? DEFAULT_LIMIT,
    before: whole(params, 'cursor', 1, Number.MAX_SAFE_INTEGER) ?? Infinity,
  };
}

/** What the search looks at: the words that are shown, so that nobody finds out others by guessing. */
export interface RunTexts {
  nameOf(run: RecordedRun): string;
  labelsOf(run: RecordedRun): Readonly<Record<string, string>>;
}

/** One page. Costs as much as the page where nothing is filtered, and never more than a bounded
 * number of comparisons. @param visible whether the caller may see runs of the flow. */
export function findRuns(
  store: RunStore,
  query: RunQuery,
  texts: RunTexts,
  visible: (flow: string) => boolean,
): FoundRuns {
  const runs: RecordedRun[] = [];
  let examined = 0;
  for (const run of store.newestFirst(query.before)) {
    if (runs.length === query.limit || examined === MAX_EXAMINED) {
      // This one was not looked at: the next page begins with it.
      return { runs, next: String(run.number + 1) };
    }
    examined += 1;
    if (matches(run, query, texts) && visible(run.flow)) runs.push(run);
  }
  return { runs, next: undefined };
}

export function statusWord(run: RecordedRun): RunStatusWord {
  return run.status === 'running' && run.waiting > 0 ? 'waiting' : run.status;
}

function matches(run: RecordedRun, query: RunQuery, texts: RunTexts): boolean {
  if (query.flow !== undefined && run.flow !== query.flow) return false;
  // Runs of subflows are reached through the run that started them, or by their id.
  if (run.parentId !== undefined && query.text !== run.id) return false;
  if (query.status !== undefined && statusWord(run) !== query.status) return false;
  if (query.since !== undefined && run.startedAt < query.since) return false;
  if (query.until !== undefined && run.startedAt > query.until) return false;
  return query.text === '' || holdsText(run, query.text, texts);
}

function holdsText(run: RecordedRun, text: string, { nameOf, labelsOf }: RunTexts): boolean {
  if (run.id.toLowerCase().includes(text)) return true;
  if (nameOf(run).toLowerCase().includes(text)) return true;
  if (run.cause?.code.toLowerCase().includes(text)) return true;
  const labels = labelsOf(run);
  for (const key in labels) {
    if (`${key}=${labels[key]}`.toLowerCase().includes(text)) return true;
  }
  return false;
}

function isStatus(word: string): word is RunStatusWord {
  return (RUN_STATUS_WORDS as readonly string[]).includes(word);
}

function whole(
  params: URLSearchParams,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const text = params.get(name);
  if (text === null || text === '') return undefined;
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  const shown = text.slice(0, 40);
  throw unusable(name, `${JSON.stringify(shown)} is no whole number from ${least} to ${most}`);
}

function unusable(name: string, problem: string): DiagnosticError {
  return new DiagnosticError([diagnostic.VIEW003({ name, problem })]);
}
