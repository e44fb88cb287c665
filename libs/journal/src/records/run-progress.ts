// How far a run has come, as far as lists need to know: kept beside its records, and derived from them
// again when they are repaired or taken in.
import type { RunRecord } from '@basalt/executor';
import type { JournaledStatus, RunInfo, RunStart } from '../journal-store.js';
import { firstChain, type Chain } from './run-frame.js';

/** Counted over the frames of a run; the start is a frame, but no record. */
export interface RunProgress {
  readonly records: number;
  /** Bytes of all frames. */
  readonly bytes: number;
  /** Checkpoints that wait for an event. */
  readonly waits: number;
  readonly chain: Chain;
  readonly outcome?: 'completed' | 'failed' | 'cancelled' | undefined;
  readonly endedAt?: number | undefined;
}

/** Before the first frame. */
export function noProgress(runId: string): RunProgress {
  return { records: 0, bytes: 0, waits: 0, chain: firstChain(runId) };
}

/** After the start. */
export function afterStart(before: RunProgress, bytes: number, chain: Chain): RunProgress {
  return { ...before, bytes: before.bytes + bytes, chain };
}

/** After one more record. */
export function afterRecord(
  before: RunProgress,
  record: RunRecord,
  bytes: number,
  chain: Chain,
): RunProgress {
  const waits =
    record.kind === 'waiting'
      ? before.waits + 1
      : record.kind === 'resumed'
        ? Math.max(0, before.waits - 1)
        : before.waits;
  const next = {
    ...before,
    records: before.records + 1,
    bytes: before.bytes + bytes,
    waits,
    chain,
  };
  return record.kind === 'ended'
    ? { ...next, outcome: record.status, endedAt: record.at, waits: 0 }
    : next;
}

/** Who has a run, as far as its status depends on it. `parked` has been given back in good order. */
export type Holding = 'live' | 'dead' | 'parked';

/** The status of a run. */
export function statusOf(
  progress: RunProgress,
  holding: Holding,
  cancelling: boolean,
): JournaledStatus {
  if (progress.outcome !== undefined) return progress.outcome;
  if (cancelling && holding === 'live') return 'cancelling';
  if (progress.waits > 0 && holding !== 'dead') return 'waiting';
  return holding === 'live' ? 'running' : 'interrupted';
}

/** One line of a list. */
export function runInfo(
  start: Pick<RunStart, 'runId' | 'flow' | 'flowHash' | 'startedAt'>,
  progress: RunProgress,
  status: JournaledStatus,
  resumptions: number,
  owner: string | undefined,
): RunInfo {
  return {
    runId: start.runId,
    flowName: start.flow.name,
    flowId: start.flow.id,
    flowHash: start.flowHash,
    status,
    startedAt: start.startedAt,
    ...(progress.endedAt === undefined ? {} : { endedAt: progress.endedAt }),
    records: progress.records,
    bytes: progress.bytes,
    resumptions,
    ...(owner === undefined ? {} : { owner }),
  };
}
