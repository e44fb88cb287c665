// How a job of a case has ended, read from its queue and journal once its workers are gone.
import { setTimeout as delay } from 'node:timers/promises';
import type { RunRecord } from '@basalt/executor';
import { hashValue, type Value } from '@basalt/ir';
import { valueText } from '../evidence/value-text.js';
import type { CaseStores } from '../worker/case-stores.js';

export interface JobEnd {
  readonly job: string;
  readonly status: 'completed' | 'failed' | 'cancelled' | 'unfinished';
  readonly output: Value | undefined;
  /** Code and message of what it failed with. */
  readonly reason: { readonly code: string; readonly message: string } | undefined;
  /** Messages of it were dropped as duplicates of others. */
  readonly absorbed: boolean;
  /** Messages of it were dropped because their outcome is unknown, as their edges declare. */
  readonly unknown: boolean;
  readonly results: readonly NodeOutput[];
}

/** What a node gave for an input, as it is in the journal. */
export interface NodeOutput {
  readonly node: string;
  /** Hashes. */
  readonly input: string;
  readonly output: string;
  /** The begin of the output as JSON, for people. */
  readonly text: string;
}

const LOOKS = 100;
const LOOK_MS = 50;

/** Reads it. What the last commit of a worker wrote is seen by others a little later. */
export async function readJobEnd({ journal, queue }: CaseStores, job: string): Promise<JobEnd> {
  for (let left = LOOKS; ; left -= 1) {
    const info = await journal.info(job);
    const records = info === undefined ? [] : await journal.records(job);
    const last = records.at(-1);
    if (last?.kind === 'ended' || left === 0) {
      const letter = await queue.dead.show(job);
      return endOf(job, records, letter?.reason);
    }
    const letter = await queue.dead.show(job);
    if (letter !== undefined) return endOf(job, records, letter.reason);
    await delay(LOOK_MS);
  }
}

function endOf(job: string, records: readonly RunRecord[], reason: JobEnd['reason']): JobEnd {
  const last = records.at(-1);
  const ended = last?.kind === 'ended' ? last : undefined;
  const dropped = records.filter((record) => record.kind === 'dropped');
  const finding = ended?.findings[0];
  const why = finding ?? reason;
  const results = records.flatMap((record): readonly NodeOutput[] => {
    if (record.kind !== 'result') return [];
    const { alias: node, input, output = null } = record;
    return [{ node, input, output: hashValue(output), text: valueText(output) }];
  });
  return {
    job,
    status: ended?.status ?? (reason === undefined ? 'unfinished' : 'failed'),
    output: ended?.output,
    reason: why === undefined ? undefined : { code: why.code, message: why.message },
    absorbed: dropped.some((record) => record.reason === 'duplicate'),
    unknown: dropped.some((record) => record.reason === 'unknown'),
    results,
  };
}
