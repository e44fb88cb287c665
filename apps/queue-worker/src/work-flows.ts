// A worker from start to end: open the flows, the queue and the journal, take jobs, and stop when a
// signal comes.
import { jsonLog } from '@basalt/capabilities';
import { MetricsObserver } from '@basalt/executor';
import { closeOnSignals } from '@basalt/http-host';
import { createFlowWorker, type QueueWorker } from '@basalt/queue';
import { HostUsageError, type HostOutside } from './host-outside.js';
import { logDeliveries } from './log-deliveries.js';
import { openFlows, type OpenFlow } from './open-flows.js';
import { openJournal, openQueue } from './open-store.js';
import { WorkerEndpoint } from './worker-endpoint.js';
import { serveOnRestate } from './serve-on-restate.js';
import { workerLimitsOf, type WorkerArgs } from './worker-options.js';

/** Works until SIGTERM or SIGINT; gives the number of signals that it took. The first one lets what is
 * being done come to its end, for `drainMs`; the second one gives it back at once.
 * @throws DiagnosticError, HostUsageError, MissingToolError before anything is taken. */
export async function workFlows(args: WorkerArgs, outside: HostOutside): Promise<number> {
  if (!Number.isSafeInteger(args.drainMs) || args.drainMs < 0) {
    throw new HostUsageError('--drain-ms takes a whole number of at least 0.');
  }
  const { backend: kind } = args;
  if (kind === 'restate') return serveOnRestate(args, outside);
  if ((args.listen ?? args.advertise) !== undefined) {
    throw new HostUsageError('--listen and --advertise belong to --backend restate.');
  }
  const worker = workerLimitsOf(args);
  const closers: (() => Promise<void>)[] = [];
  try {
    const { flows, close } = await openFlows(args, outside, 'queue');
    closers.push(close);
    const journal = await openJournal({ ...args, backend: kind }, outside);
    closers.push(() => journal.close());
    const backend = await openQueue(args, outside);
    closers.push(() => backend.close());
    const endpoint = new WorkerEndpoint(backend);
    closers.push(() => endpoint.close());
    const log = jsonLog({ sink: (line) => outside.err(line) });
    const observer = new MetricsObserver(endpoint.sink);
    endpoint.onCollect(() => observer.collect());
    const logged = logDeliveries(log, args.jobLog === true);
    const working = createFlowWorker({
      backend,
      journal,
      flows,
      worker,
      host: { observer },
      onEnded: (ended) => {
        endpoint.count(ended);
        logged(ended);
      },
    });
    closers.push(() => working.close(0));
    const at = args.metricsAddr;
    const url = at === undefined ? undefined : await endpoint.listen(at);
    const ended = closeOnSignals(closable(working, endpoint, args.drainMs), { log });
    outside.err(announcement(args, flows, working, url));
    return await ended;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

function closable(worker: QueueWorker, endpoint: WorkerEndpoint, drainMs: number) {
  return {
    close: () => {
      endpoint.isStopping = true;
      return worker.close(drainMs);
    },
    closeNow: () => worker.close(0),
  };
}

function announcement(
  { backend, dir, url, queue, concurrency }: WorkerArgs,
  flows: readonly OpenFlow[],
  { id }: QueueWorker,
  metrics: string | undefined,
): string {
  const names = flows.map(({ bundle }) => bundle.ir.name).join(', ');
  const place = backend === 'embedded' ? dir : new URL(url!).host;
  const watched = metrics === undefined ? '' : `  metrics ${metrics}/metrics\n`;
  return `Worker ${id} takes jobs of ${queue} (${backend}, ${place}), ${concurrency} at a time\n  flows ${names}\n${watched}`;
}
