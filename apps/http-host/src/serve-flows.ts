// Serving from start to end: load and check the flows, open what is bound, listen, and close when a
// signal comes.
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import {
  jsonLog,
  openCapabilities,
  SecretRedactor,
  verifyLock,
  type OpenedCapabilities,
} from '@basalt/capabilities';
import { diagnostic, DiagnosticError, hasErrors, type Diagnostic } from '@basalt/diagnostics';
import type { FlowBundle } from '@basalt/executor';
import { checkBodies } from '@basalt/flow-dsl';
import { loadFlowArgument, requireFlow } from '@basalt/flow-loader';
import {
  closeOnSignals,
  createHttpHost,
  type HostedFlow,
  type HttpHost,
  type HttpHostOptions,
} from '@basalt/http-host';
import { limitsOf, wholeNumber, type LimitArgs } from './limit-options.js';

/** What the command line says. */
export interface ServeArgs extends LimitArgs {
  readonly flow: readonly string[];
  readonly addr: string;
  readonly tokenFile?: string | undefined;
  readonly allowUnauthenticated?: boolean | undefined;
  readonly trustedProxy?: readonly string[] | undefined;
  readonly corsOrigin?: readonly string[] | undefined;
  readonly bind?: readonly string[] | undefined;
  readonly bindingsLock?: string | undefined;
  readonly viewer: boolean;
  readonly exposeErrors?: boolean | undefined;
  readonly accessLog?: boolean | undefined;
  readonly maxLoopDelayMs?: number | undefined;
  readonly rateLimit?: number | undefined;
}

/** Where the command runs. */
export interface ServeOutside {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What a person reads. */
  err(text: string): void;
  /** The bundled module of a shipped flow; undefined for any other name. */
  shippedFile(name: string): string | undefined;
  readonly shippedNames: readonly string[];
}

/** The words of the command are off. */
export class ServeUsageError extends Error {}

/** Serves until SIGTERM or SIGINT; gives the number of signals that it took.
 * @throws DiagnosticError with every finding on the flows, the bindings, the tokens and the address.
 * @throws ServeUsageError */
export async function serveFlows(args: ServeArgs, outside: ServeOutside): Promise<number> {
  const at = addressOf(args.addr);
  const options = optionsOf(args, outside);
  const opened: OpenedCapabilities[] = [];
  let host: HttpHost | undefined;
  try {
    const flows = await openFlows(args, outside, opened);
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
    for (const { close } of opened) await close();
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

/** Reads HOST:PORT; an IPv6 address stands in brackets. @throws ServeUsageError */
export function addressOf(addr: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(addr);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535 || (match?.[1] !== undefined && isIP(host) !== 6)) {
    throw new ServeUsageError(`--addr takes HOST:PORT, such as 127.0.0.1:8080, not ${addr}.`);
  }
  return { host, port };
}

async function openFlows(
  args: ServeArgs,
  outside: ServeOutside,
  opened: OpenedCapabilities[],
): Promise<readonly HostedFlow[]> {
  const bundles: FlowBundle[] = [];
  for (const name of args.flow) bundles.push(await loadBundle(name, outside));
  const findings = bundles.flatMap((bundle) => checkBodies(bundle));
  if (hasErrors(findings)) throw new DiagnosticError(findings as [Diagnostic, ...Diagnostic[]]);
  const lock = args.bindingsLock;
  const text = lock === undefined ? undefined : await readLock(resolve(outside.cwd, lock));
  const flows: HostedFlow[] = [];
  for (const bundle of bundles) {
    const { id: flowId } = bundle.ir;
    const bindings = text === undefined ? (args.bind ?? []) : verifyLock(text, { flowId });
    const capabilities = await openCapabilities(bindings, flowId, {
      environment: outside.env,
      logSink: (line) => outside.err(line),
      baseFolder: outside.cwd,
    });
    opened.push(capabilities);
    flows.push({ bundle, capabilities: capabilities.capabilities });
  }
  return flows;
}

async function loadBundle(name: string, outside: ServeOutside): Promise<FlowBundle> {
  const readStdin = () => Promise.reject(new ServeUsageError('- cannot be served: name a module.'));
  const loaded = await loadFlowArgument(name, { ...outside, readStdin });
  if (loaded.bundle !== undefined) return loaded.bundle;
  const identifiers = requireFlow(loaded)
    .nodes.map(({ identifier }) => identifier)
    .join(', ');
  throw new DiagnosticError([diagnostic.CLI006({ flow: name, identifiers })]);
}

function readLock(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ServeUsageError(`--bindings-lock ${file} cannot be read: ${error.code}.`);
  });
}

function optionsOf(args: ServeArgs, outside: ServeOutside): HttpHostOptions {
  const { tokenFile, allowUnauthenticated, trustedProxy, corsOrigin } = args;
  const refuse = (problem: string) => new ServeUsageError(problem);
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
