// What a journaled run is started with, and how it is executed again from that.
import { resolve } from 'node:path';
import type { DeterministicOptions, FlowBundle, Invoke } from '@basalt/executor';
import { structuralHash, type Value } from '@basalt/ir';
import type { RunStart } from '@basalt/journal';
import type { FlowSources } from '@basalt/flow-loader';

/** Label: the FLOW argument that the run was started with, so that it can be resumed without it. */
export const SOURCE_LABEL = 'flows.source';

export interface StartGiven {
  readonly runId: string;
  readonly bundle: FlowBundle;
  readonly payload: Value;
  readonly source: string;
  readonly trigger?: string | undefined;
  readonly capture?: string | undefined;
  readonly deadlineMs?: number | undefined;
  readonly seed?: number | undefined;
}

/** The start of a run, as its journal keeps it. */
export function runStart(given: StartGiven): RunStart {
  const { runId, bundle, payload, source, trigger, capture, deadlineMs, seed } = given;
  const { id, name, version } = bundle.ir;
  return {
    runId,
    flow: { id, name, version },
    flowHash: structuralHash(bundle.ir),
    flowDocument: bundle.ir as unknown as Value,
    payload,
    ...(trigger === undefined ? {} : { trigger }),
    ...(capture === undefined ? {} : { capture }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(seed === undefined ? {} : { deterministic: { seed: String(seed), startMs: 0 } }),
    labels: { [SOURCE_LABEL]: source },
    startedAt: Date.now(),
  };
}

/** The FLOW argument in a form that means the same in every folder. */
export function lastingSource(argument: string, { cwd, shippedFile }: FlowSources): string {
  const [path = '', exportName] = argument.split('#', 2);
  if (shippedFile(path) !== undefined) return argument;
  const file = resolve(cwd, path);
  return exportName === undefined ? file : `${file}#${exportName}`;
}

/** What the executor is called with, the first time and every time after. */
export function invokeOf(start: RunStart): Invoke {
  const { runId, payload, trigger, capture, deadlineMs, labels = {}, extensions = {} } = start;
  return {
    runId,
    payload,
    metadata: { labels, extensions },
    ...(trigger === undefined ? {} : { trigger }),
    ...(capture === undefined ? {} : { capture }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  };
}

/** The deterministic mode of a run. Seeds of the command line are whole numbers, and journals keep texts. */
export function deterministicOf({ deterministic }: RunStart): DeterministicOptions | undefined {
  if (deterministic === undefined) return undefined;
  const { seed, startMs } = deterministic;
  return { seed: /^\d{1,16}$/.test(seed) ? Number(seed) : seed, startMs };
}
