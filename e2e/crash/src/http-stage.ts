// Hosts over HTTP and a worker beside them, on one folder; callers post with idempotency keys and try
// again until they are answered. The host and the worker are killed.
import { setTimeout as delay } from 'node:timers/promises';
import { crashJob, type CrashJob } from './crash-jobs.js';
import { openJournaledPlace, type JournaledPlace } from './crash-place.js';
import { PULLING, realHost, realWorker } from './crash-programs.js';
import type { Settled, Stage, StageSetting } from './crash-stage.js';
import { judgeEffects } from './effects-verdict.js';
import { EventOperator } from './event-operator.js';
import { isExpected } from './judge-jobs.js';
import { PersistentCallers, isForWorker, type Told } from './persistent-callers.js';
import { Respawned } from './respawned.js';

/** Without an effect or an end for so long, a course hangs; milliseconds. */
const HANG_MS = 90_000;
const AT_ONCE = 10;
const OPEN = ['running', 'interrupted', 'waiting', 'cancelling'] as const;

/** Starts the processes. */
export async function httpStage(setting: StageSetting): Promise<Stage> {
  const { series, watch, onEnd, ledger, folder } = setting;
  const place = { backend: 'embedded', folder } as const;
  const open = await openJournaledPlace(place, () => undefined);
  onEnd(() => open.close());
  const operator = new EventOperator();
  onEnd(() => operator.close());
  let url = '';
  const host = new Respawned(
    realHost(setting, folder, (at) => (url = at)),
    watch,
  );
  const worker = new Respawned(realWorker(setting, place, PULLING), watch);
  await host.ready;
  const callers = new PersistentCallers({
    request: (n) => requestOf(n, series, ledger.url),
    url: () => url,
    atOnce: AT_ONCE,
    onTaken: (runId, { job, expected: { event } }) => {
      if (event === undefined) return;
      operator.give(open.queue, open.journal, { runId, correlation: job.id, event });
    },
    onDead: (runId, request) => replayed(open, runId, request, watch.fault),
  });
  const settle = async (): Promise<Settled> => {
    await progressing(callers.stop(), () => `${callers.told.length} ${ledger.calls()}`, open);
    await progressing(ended(open), () => `${ledger.calls()}`, open);
    const told = callers.told;
    const asked = told.map(({ request }) => request.expected);
    const { lost, ...rest } = judgeEffects(asked, ledger.entries());
    for (const target of [host, worker]) await target.kill();
    const answers: Record<string, number> = {};
    for (const { status } of told) answers[status] = (answers[status] ?? 0) + 1;
    const wrong = told.flatMap(wronglyTold);
    return { ...rest, lost: [...wrong, ...lost], jobs: told.length, answers };
  };
  return { targets: [host, worker], settle };
}

/** Requests of which every other one asks for a worker: with a pair of each kind, each comes both ways.
 * An effect that is delivered at most once may be lost where nobody executes its flow again: such flows
 * are for workers, and so is one whose event needs the id of its run. */
function requestOf(n: number, series: string, url: string): CrashJob {
  const kind = Math.floor(n / 2);
  const later = isForWorker(n);
  const job = crashJob(kind, `${series}-${later ? 'later' : 'now'}`, url, 'embedded');
  const { flow, event } = job.expected;
  const needsWorker = flow === 'crash_at_most' || event !== undefined;
  return needsWorker && !later ? crashJob(0, `${series}-in-place-of-${n}`, url, 'embedded') : job;
}

/** A job that was under way in too many workers that were killed is a dead letter; an operator replays
 * it. */
async function replayed(
  { queue }: JournaledPlace,
  runId: string,
  { expected }: CrashJob,
  note: (text: string) => void,
): Promise<boolean> {
  const letter = await queue.dead.show(runId);
  if (letter === undefined) return true;
  if (expected.dies && letter.cause === 'rejected') return false;
  note(`a dead letter was replayed: ${letter.cause}, ${letter.reason.code}`);
  await queue.dead.replay([runId]);
  return true;
}

/** Every run has ended, those too of which no caller was told. */
async function ended({ journal }: JournaledPlace): Promise<void> {
  for (const status of OPEN) {
    while ((await journal.list({ status, limit: 1 })).runs.length > 0) await delay(50);
  }
}

/** What is waited for, as long as something happens. @throws Error when it hangs. */
async function progressing(
  wanted: Promise<void>,
  seen: () => string,
  { journal }: JournaledPlace,
): Promise<void> {
  let isOver = false;
  const over = wanted.then(() => void (isOver = true));
  let last = '';
  let since = performance.now();
  while (!isOver) {
    const now = seen();
    if (now !== last) since = performance.now();
    last = now;
    if (performance.now() - since > HANG_MS) {
      const open = await Promise.all(OPEN.map((status) => journal.list({ status })));
      const runs = open.flatMap((page) => page.runs).map((run) => JSON.stringify(run));
      throw new Error(['The course hangs.', ...runs].join('\n'));
    }
    await Promise.race([over, delay(100)]);
  }
}

/** What a caller was told, where it is not what it should have been told. */
function wronglyTold({ request: { job, expected }, status, outcome, output }: Told): string[] {
  const wanted = expected.dies ? ['failed', 'dead'] : ['completed'];
  const isEither = expected.status === undefined;
  if (!isEither && !wanted.includes(outcome)) {
    return [`${job.id} was answered ${status}, and is ${outcome}: ${JSON.stringify(output)}`];
  }
  const value = output as Parameters<typeof isExpected>[1];
  if (outcome !== 'completed' || isExpected(expected.output, value)) return [];
  return [`${job.id} gave ${JSON.stringify(output)}`];
}
