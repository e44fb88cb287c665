// How a run stands, as its journal and its queue know it: a job has a run as soon as it is delivered, and
// another one for each attempt that follows a failed run.
import { isError } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import type { JournalStore, RunInfo } from '@basalt/journal';
import type { JobState, QueueBackend } from '@basalt/queue';
import { openWaits, shownWait, type ShownWait } from '../run-control/open-waits.js';
import { maySay, statusOfCode } from '../status-of-code.js';

export interface RunStores {
  readonly journal: JournalStore;
  readonly queue?: QueueBackend | undefined;
  readonly exposeErrors?: boolean | undefined;
}

export interface RunState {
  readonly flow: string;
  /** That of the journal; queued and retrying for a job that waits for a worker, dead for one that no
   * worker gets any more. */
  readonly status: RunInfo['status'] | 'queued' | 'retrying' | 'dead';
  /** Of the last attempt, in milliseconds since the Unix epoch. */
  readonly started_at: number | null;
  /** null until nothing more is to come. */
  readonly ended_at: number | null;
  /** While waiting, what for. */
  readonly waits_for?: readonly ShownWait[] | undefined;
  readonly output?: Value | undefined;
  /** While retrying, that of the last attempt. */
  readonly error?: { readonly code: string; readonly error: string } | undefined;
  readonly hasEnded: boolean;
}

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled', 'dead']);
/** A job with a run of such a status is not done with it. */
const GOES_ON: ReadonlySet<string> = new Set([
  'failed',
  'running',
  'interrupted',
  'waiting',
] satisfies RunInfo['status'][]);

/** Undefined where neither knows it. */
export async function findRun(id: string, stores: RunStores): Promise<RunState | undefined> {
  const { journal, queue } = stores;
  const { last: info } = await findAttempts(id, journal);
  const job = await queue?.find(id);
  if (info === undefined) {
    if (job === undefined) return undefined;
    const status = job.state === 'dead' ? 'dead' : 'queued';
    const times = { started_at: null, ended_at: null, hasEnded: status === 'dead' };
    const error = status === 'dead' ? await letterError(id, stores) : undefined;
    return { flow: job.job.flowName, status, ...times, ...(error === undefined ? {} : { error }) };
  }
  const status = statusOf(info, job?.state);
  const isCutOff = status === 'dead' && info.endedAt === undefined;
  const error = isCutOff ? await letterError(id, stores) : undefined;
  return {
    flow: info.flowName,
    status,
    started_at: info.startedAt,
    // While another attempt is to come, only the last one has ended.
    ended_at: status === 'retrying' ? null : (info.endedAt ?? null),
    ...(status === 'waiting' ? { waits_for: await waitsOf(info.runId, journal) } : {}),
    ...(info.endedAt === undefined ? {} : await outcomeOf(info.runId, stores)),
    ...(error === undefined ? {} : { error }),
    hasEnded: ENDED.has(status),
  };
}

/** The run of the last attempt of a job, and the id that the next one will have. */
export async function findAttempts(
  id: string,
  journal: JournalStore,
): Promise<{ readonly last: RunInfo | undefined; readonly next: string }> {
  let last: RunInfo | undefined;
  let next = id;
  for (let attempt = 2; ; attempt += 1) {
    const info = await journal.info(next);
    if (info === undefined) return { last, next };
    last = info;
    next = `${id}~${attempt}`;
  }
}

async function waitsOf(runId: string, journal: JournalStore): Promise<readonly ShownWait[]> {
  return openWaits(await journal.records(runId)).map(shownWait);
}

function statusOf({ status }: RunInfo, state: JobState | undefined): RunState['status'] {
  if (state === undefined || state === 'done' || !GOES_ON.has(status)) return status;
  // The run of a job whose workers died has no end of its own.
  if (state === 'dead') return 'dead';
  return status === 'failed' ? 'retrying' : status;
}

async function outcomeOf(runId: string, stores: RunStores): Promise<Partial<RunState>> {
  const ended = (await stores.journal.records(runId)).at(-1);
  if (ended?.kind !== 'ended') return {};
  const cause = ended.findings.find(isError) ?? ended.findings[0];
  return {
    ...(ended.output === undefined ? {} : { output: ended.output }),
    ...(ended.status === 'completed' || cause === undefined
      ? {}
      : { error: shownError(cause, stores) }),
  };
}

async function letterError(id: string, stores: RunStores) {
  const letter = await stores.queue?.dead.show(id);
  return letter === undefined ? undefined : shownError(letter.reason, stores);
}

/** Texts of internal faults are for those who run the host. */
function shownError(
  { code, message }: { readonly code: string; readonly message: string },
  { exposeErrors = false }: RunStores,
) {
  const isOpen = exposeErrors || maySay(code, statusOfCode(code));
  return { code, error: isOpen ? message : 'The execution has failed.' };
}
