// The options of a worker, checked and filled in.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import { isMap } from './is-map.js';
import { nameProblem } from './name-problem.js';
import type { WorkerOptions } from './queue-backend.js';

const DEFAULT_CONCURRENCY = 10;
const MAX_CONCURRENCY = 100_000;
const DEFAULT_VISIBILITY_MS = 30_000;
const LEAST_VISIBILITY_MS = 100;
const MAX_TIME_MS = 2 ** 31 - 1;
const MAX_NAME = 256;

/** What a worker keeps to. */
export interface WorkerLimits {
  readonly concurrency: number;
  readonly perFlow: ReadonlyMap<string, number>;
  readonly perKey: number;
  readonly rate: { readonly max: number; readonly perMs: number } | undefined;
  readonly visibilityMs: number;
}

/** The limits that options ask for. @throws DiagnosticError QUE105 where one is out of its range. */
export function workerLimits(options: WorkerOptions = {}): WorkerLimits {
  const { id, concurrency, perFlow, perKey, rate, visibilityMs } = options;
  const problem = id === undefined ? undefined : nameProblem(id, MAX_NAME);
  if (problem !== undefined) throw refused('id', id, `it ${problem}`);
  if (perFlow !== undefined && !isMap(perFlow)) throw refused('perFlow', perFlow, 'it is no map');
  const flows = Object.entries(perFlow ?? {});
  for (const [flow, most] of flows) count(`perFlow of ${flow}`, most, MAX_CONCURRENCY);
  if (rate !== undefined && !isMap(rate)) throw refused('rate', rate, 'it is no map');
  if (rate !== undefined) {
    count('rate.max', rate.max, Number.MAX_SAFE_INTEGER);
    count('rate.perMs', rate.perMs, MAX_TIME_MS);
  }
  return {
    concurrency: count('concurrency', concurrency ?? DEFAULT_CONCURRENCY, MAX_CONCURRENCY),
    perFlow: new Map(flows),
    perKey: count('perKey', perKey ?? 1, MAX_CONCURRENCY),
    rate,
    visibilityMs: count(
      'visibilityMs',
      visibilityMs ?? DEFAULT_VISIBILITY_MS,
      MAX_TIME_MS,
      LEAST_VISIBILITY_MS,
    ),
  };
}

function count(option: string, value: unknown, most: number, least = 1): number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) {
    return value as number;
  }
  throw refused(option, value, `it must be a whole number from ${least} to ${most}`);
}

function refused(option: string, value: unknown, problem: string): DiagnosticError {
  return new DiagnosticError([diagnostic.QUE105({ option, value: String(value), problem })]);
}
