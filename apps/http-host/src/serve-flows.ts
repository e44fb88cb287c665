// Serving from start to end: load and check the flows, open what is bound, listen, and close when a
// signal comes.
import { resolve } from 'node:path';
import { jsonLog, SecretRedactor } from '@basalt/capabilities';
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import {
  closeOnSignals,
  createHttpHost,
  type HostedFlow,
  type HttpHost,
  type HttpHostOptions,
  type ResumedRuns,
} from '@basalt/http-host';
import { createFlowWorker, type QueueWorker, type WorkerOptions } from '@basalt/queue';
import {
  addressOf,
  HostUsageError,
  logDeliveries,
  openFlows,
  type FlowArgs,
  type HostOutside,
  type OpenedFlows,
} from '@basalt/queue-worker-app';
import { openKeptStores, type KeptStores } from './kept-stores.js';
import type { KeptArgs } from './kept-options.js';
import { limitsOf, wholeNumber, type LimitArgs } from './limit-options.js';
import { readWebhookFile } from './webhook-file.js';

/** What the command line says. */
export interface ServeArgs extends LimitArgs, FlowArgs, KeptArgs {
  readonly addr: string;
  readonly tokenFile?: string | undefined;
  readonly allowUnauthenticated?: boolean | undefined;
  readonly trustedProxy?: readonly string[] | undefined;
  readonly corsOrigin?: readonly string[] | undefined;
  readonly allowedHost?: readonly string[] | undefined;
  readonly behindTls?: boolean | undefined;
  readonly webhooks?: string | undefined;
  readonly viewer: boolean;
  readonly exposeErrors?: boolean | undefined;
  readonly accessLog?: boolean | undefined;
  readonly maxLoopDelayMs?: number | undefined;
  readonly rateLimit?: number | undefined;
}

/** A worker in the process of the host, on the same flows, queue and journal. */
export interface WorkerBeside {
  readonly limits: WorkerOptions;
  readonly jobLog: boolean;
  /** How long a shutdown waits for its jobs, in milliseconds. */
  readonly drainMs: number;
}

/** Serves until SIGTERM or SIGINT; gives the number of signals that it took.
 * @throws DiagnosticError with every finding on the flows, the bindings, the tokens and the address.
 * @throws HostUsageError, MissingToolError */
export async function serveFlows(
  args: ServeArgs,
  outside: HostOutside,
  beside?: WorkerBeside,
): Promise<number> {
  const at = addressOf(args.addr);
  const options = optionsOf(args, outside);
  let opened: OpenedFlows | undefined;
  let stores: KeptStores | undefined;
  let host: HttpHost | undefined;
  let worker: QueueWorker | undefined;
  try {
    opened = await openFlows(args, outside, beside === undefined ? undefined : 'queue');
    const { flows } = opened;
    stores = await openKeptStores(args, outside);
    host = await createHttpHost(flows, { ...options, ...stores.options });
    const { url } = await listen(host, at, args.addr);
    if (beside !== undefined) worker = workBeside(beside, flows, stores, host, options);
    const ended = closeOnSignals(closable(host, worker, beside));
    const stopReloading = args.tokenFile === undefined ? undefined : reloadOnHangup(host);
    outside.err(`${announcement(url, flows, stores, args)}\n`);
    reportResumed(await host.resumeRuns(), outside);
    const signals = await ended;
    stopReloading?.();
    return signals;
  } finally {
    await host?.close();
    await worker?.close(0);
    await stores?.close();
    await opened?.close();
  }
}

function workBeside(
  { limits, jobLog }: WorkerBeside,
  flows: readonly HostedFlow[],
  { queue, journal }: KeptStores,
  host: HttpHost,
  { operations }: HttpHostOptions,
): QueueWorker {
  return createFlowWorker({
    backend: queue!,
    journal: journal!,
    flows,
    worker: limits,
    host: { observer: host.observerFor('queue') },
    onEnded: logDeliveries(operations!.log!, jobLog),
  });
}

function closable(host: HttpHost, worker: QueueWorker | undefined, beside?: WorkerBeside) {
  const both = (first: Promise<void>, second: Promise<void> | undefined) =>
    Promise.all([first, second]).then(() => undefined);
  return {
    close: () => both(host.close(), worker?.close(beside?.drainMs)),
    closeNow: () => both(host.closeNow(), worker?.close(0)),
  };
}

function reportResumed({ resumed, left }: ResumedRuns, { err }: HostOutside): void {
  if (resumed.length > 0) err(`Took up ${resumed.length} runs that had not ended\n`);
  for (const { runId, finding } of left) {
    err(`The run ${runId} was left as it is: ${finding.code} ${finding.message}\n`);
  }
}

/** SIGHUP makes the host read its token file again. From a terminal the signal means that the terminal
 * has gone, and ends the program as it does every other. */
function reloadOnHangup(host: HttpHost): (() => void) | undefined {
  if (process.stdin.isTTY) return undefined;
  const reload = () => host.reload();
  process.on('SIGHUP', reload);
  return () => process.off('SIGHUP', reload);
}

function optionsOf(args: ServeArgs, outside: HostOutside): HttpHostOptions {
  const { tokenFile, allowUnauthenticated, trustedProxy, corsOrigin } = args;
  const refuse = (problem: string) => new HostUsageError(problem);
  const maxEventLoopDelayMs = wholeNumber('max-loop-delay-ms', args.maxLoopDelayMs, 0, refuse);
  const perSecond = wholeNumber('rate-limit', args.rateLimit, 1, refuse);
  const redactor = new SecretRedactor();
  return {
    ...limitsOf(args, refuse),
    redactor,
    security: {
      ...(tokenFile === undefined ? {} : { tokenFile: resolve(outside.cwd, tokenFile) }),
      ...(allowUnauthenticated === undefined ? {} : { allowUnauthenticated }),
      ...(trustedProxy === undefined ? {} : { trustedProxies: trustedProxy }),
      ...(corsOrigin === undefined ? {} : { cors: { origins: corsOrigin } }),
      ...(perSecond === undefined ? {} : { rateLimit: { perSecond } }),
      ...(args.allowedHost === undefined ? {} : { allowedHosts: args.allowedHost }),
      ...(args.behindTls === undefined ? {} : { behindTls: args.behindTls }),
      ...(args.webhooks === undefined
        ? {}
        : { webhooks: readWebhookFile(resolve(outside.cwd, args.webhooks)) }),
    },
    operations: {
      log: jsonLog({ sink: (line) => outside.err(line), redactor }),
      logRequests: args.accessLog === true,
      ...(maxEventLoopDelayMs === undefined ? {} : { maxEventLoopDelayMs }),
    },
    ...(args.viewer ? { viewer: {} } : {}),
    ...(args.exposeErrors === undefined ? {} : { exposeErrors: args.exposeErrors }),
  };
}

async function listen(host: HttpHost, at: { host: string; port: number }, addr: string) {
  try {
    return await host.listen(at);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof DiagnosticError || code === undefined) throw error;
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE: 'another program listens there',
      EACCES: 'this user may not listen there',
      EADDRNOTAVAIL: 'this machine has no such address',
      ENOTFOUND: 'there is no host of that name',
    };
    const reason = reasons[code] ?? code;
    throw new DiagnosticError([diagnostic.HTTP104({ addr, reason })], { cause: error });
  }
}

function announcement(
  url: string,
  flows: readonly HostedFlow[],
  stores: KeptStores,
  args: ServeArgs,
): string {
  const routes = flows.flatMap(({ bundle }) =>
    bundle.ir.nodes.flatMap(({ trigger }) =>
      trigger?.kind === 'http'
        ? [
            `  ${trigger.method ?? 'POST'} ${url}${trigger.route ?? `/${bundle.ir.name}`}  ${bundle.ir.name}`,
          ]
        : [],
    ),
  );
  const viewer = args.viewer ? [`  viewer ${url}/_flows/`] : [];
  const kept = stores.journal === undefined ? [] : [`  runs ${url}/_runs/ID`];
  const { queue } = stores;
  const queued = queue === undefined ? [] : [`  queue ${queue.queue} (${queue.kind})`];
  return [`Listening on ${url}`, ...routes, ...kept, ...queued, ...viewer].join('\n');
}
