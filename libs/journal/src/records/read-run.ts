// Reads the frames of a run, in order, up to the first that is not good.
import type { RunRecord } from '@basalt/executor';
import { readFrame, recordOfBody } from './run-frame.js';
import { afterRecord, afterStart, noProgress, type RunProgress } from './run-progress.js';
import { startOfBody, type ReadStart } from './start-frame.js';

/** A run as far as its frames are good. */
export interface ReadRun {
  /** Absent where the first frame is not good. */
  readonly start?: ReadStart | undefined;
  readonly records: readonly RunRecord[];
  readonly progress: RunProgress;
  /** `at` is 0 for the start, n for the nth record. */
  readonly fault?: { readonly at: number; readonly reason: string } | undefined;
}

/** Reads a run. Never throws, whatever the bytes are. */
export function readRun(runId: string, frames: Iterable<Uint8Array>): ReadRun {
  let progress = noProgress(runId);
  let start: ReadStart | undefined;
  const records: RunRecord[] = [];
  const stop = (reason: string): ReadRun => ({
    start,
    records,
    progress,
    fault: { at: start === undefined ? 0 : records.length + 1, reason },
  });
  for (const bytes of frames) {
    const frame = readFrame(progress.chain, bytes);
    if ('fault' in frame) return stop(frame.fault);
    if (start === undefined) {
      const read = startOfBody(frame.body);
      if ('fault' in read) return stop(read.fault);
      if (read.start.runId !== runId) return stop(`it belongs to the run ${read.start.runId}`);
      start = read;
      progress = afterStart(progress, bytes.length, frame.chain);
      continue;
    }
    if (progress.outcome !== undefined) return stop('it follows the outcome');
    const read = recordOfBody(frame.body);
    if ('fault' in read) return stop(read.fault);
    records.push(read.record);
    progress = afterRecord(progress, read.record, bytes.length, frame.chain);
  }
  return start === undefined ? stop('it is missing') : { start, records, progress };
}
