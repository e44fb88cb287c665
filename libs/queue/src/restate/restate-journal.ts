// The journal of an execution on Restate. Restate keeps the results of steps and runs the invocation
// again after a crash; so there is no history, and nothing to flush. The delivery ledger is objects of
// Restate, asked in steps of the log.
import type { Reservation, RunJournal, RunRecord } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import { isDropped } from '../flow-worker/job-run.js';
import type { RestateClient } from './restate-client.js';
import { restateKey, type RestateNames } from './restate-names.js';
import type { StepLog } from './step-log.js';

/** The journal, and what must be over before the invocation ends. */
export interface RestateJournal extends RunJournal {
  settled(): Promise<void>;
  /** Whether a message was dropped, as its edge has it: the run may lack a result for that. */
  dropped(): boolean;
}

/** @param startedAt milliseconds since the epoch, the same in every replay. */
export function restateJournal(
  runId: string,
  startedAt: number,
  log: StepLog,
  client: RestateClient,
  names: RestateNames,
): RestateJournal {
  const pending: Promise<unknown>[] = [];
  let dropped = false;
  const calls = new Map<string, number>();
  const ask = (handler: string, key: string, body: Readonly<Record<string, Value>>) => {
    // The same question may be asked several times.
    const question = `${handler} ${key}`;
    const number = (calls.get(question) ?? 0) + 1;
    calls.set(question, number);
    return log.once(`${runId} ${question} ${number}`, async () => {
      const path = `${names.ledger}/${encodeURIComponent(restateKey(key))}/${handler}`;
      return (await client.call(path, { ...body, owner: runId })) as Value;
    });
  };
  return {
    runId,
    history: [],
    startedAt,
    append(record: RunRecord) {
      if (isDropped(record)) dropped = true;
      if (record.kind !== 'result' || record.completes === undefined) return;
      pending.push(ask('complete', record.completes, {}));
    },
    async flush() {
      // Restate has every result that was given to the execution.
    },
    async reserve(key, input, ttlMs) {
      return (await ask('reserve', key, { input, ttlMs })) as unknown as Reservation;
    },
    release(key) {
      pending.push(ask('release', key, {}));
    },
    step: log.step,
    dropped: () => dropped,
    async settled() {
      while (pending.length > 0) await Promise.all(pending.splice(0));
    },
  };
}
