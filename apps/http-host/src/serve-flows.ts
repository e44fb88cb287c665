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
} from '@basalt/http-host';
import {
  addressOf,
  HostUsageError,
  openFlows,
  type FlowArgs,
  type HostOutside,
  type OpenedFlows,
} from '@basalt/queue-worker-app';
import { limitsOf, wholeNumber, type LimitArgs } from './limit-options.js';

/** What the command line says. */
export interface ServeArgs extends LimitArgs, FlowArgs {
  readonly addr: string;
  readonly tokenFile?: string | undefined;
  readonly allowUnauthenticated?: boolean | undefined;
  readonly trustedProxy?: readonly string[] | undefined;
  readonly corsOrigin?: readonly string[] | undefined;
  readonly viewer: boolean;
  readonly exposeErrors?: boolean | undefined;
  readonly accessLog?: boolean | undefined;
  readonly maxLoopDelayMs?: number | undefined;
  readonly rateLimit?: number | undefined;
}

/** Serves until SIGTERM or SIGINT; gives the number of signals that it took.
 * @throws DiagnosticError with every finding on the flows, the bindings, the tokens and the address.
 * @throws HostUsageError */
export async function serveFlows(args: ServeArgs, outside: HostOutside): Promise<number> {
  const at = addressOf(args.addr);
  const options = optionsOf(args, outside);
  let opened: OpenedFlows | undefined;
  let host: HttpHost | undefined;
  try {
    opened = await openFlows(args, outside);
    const { flows } = opened;
    host = await createHttpHost(flows, options);
    const { url } = await listen(host, at, args.addr);
    const ended = closeOnSignals(host);
    const stopReloading = args.tokenFile === undefined ? undefined : reloadOnHangup(host);
    outside.err(`${announcement(url, flows, args)}\n`);
    const signals = await ended;
    stopReloading?.();
    return signals;
  } finally {
    await host?.close();
    await opened?.close();
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

function announcement(url: string, flows: readonly HostedFlow[], args: ServeArgs): string {
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
  return [`Listening on ${url}`, ...routes, ...viewer].join('\n');
}
