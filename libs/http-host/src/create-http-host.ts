// The host's pipeline: compile the flows, make the server, install its parts, listen.
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import { createServer } from './create-server.js';
import type { HttpHostOptions } from './host-options.js';
import type { HostContext, HostPart } from './host-part.js';
import { compileHostedFlows, type CompiledFlow, type HostedFlow } from './hosted-flow.js';
import type { FastifyInstance } from 'fastify';
import { invocationPart } from './invocation/invocation-part.js';
import { RunHub } from './run-hub.js';
import { viewerPart } from './viewer-api/viewer-part.js';

/** Installed in this order: hooks of earlier parts run first. */
const PARTS: readonly HostPart[] = Object.freeze([invocationPart, viewerPart]);

const DEFAULT_DRAIN_MS = 10_000;

export interface HttpHost {
  readonly app: FastifyInstance;
  /** Port 0 picks a free one. */
  listen(at: { readonly host: string; readonly port: number }): Promise<ListenAddress>;
  /** Refuses what is new, lets executions end (or cancels them after `drainMs`), then closes every
   * connection. May be called twice. */
  close(): Promise<void>;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

/** Makes a host for flows. Nothing listens yet.
 * @throws DiagnosticError with every finding on the flows and their routes. */
export async function createHttpHost(
  flows: readonly HostedFlow[],
  options: HttpHostOptions = {},
): Promise<HttpHost> {
  const compiled = compileHostedFlows(flows);
  refuseReserved(compiled);
  const app = createServer(options);
  const runs = new RunHub(options);
  const context: HostContext = { app, flows: compiled, options, runs };
  for (const part of PARTS) await part.install(context);
  await app.ready();
  let closing: Promise<void> | undefined;
  return {
    app,
    async listen({ host, port }) {
      await app.listen({ host, port });
      const bound = app.server.address() as { address: string; port: number };
      const name = bound.address.includes(':') ? `[${bound.address}]` : bound.address;
      return { host: bound.address, port: bound.port, url: `http://${name}:${bound.port}` };
    },
    close() {
      closing ??= runs.drain(options.drainMs ?? DEFAULT_DRAIN_MS).then(() => app.close());
      return closing;
    },
  };
}

function refuseReserved(flows: readonly CompiledFlow[]): void {
  const reserved = PARTS.flatMap(({ reserves }) => reserves ?? []);
  const covers = (claim: string, path: string) =>
    path === claim || (claim.endsWith('/') && `${path}/`.startsWith(claim));
  const found: Diagnostic[] = [];
  for (const { name, routes } of flows) {
    for (const { method, path } of routes) {
      if (!reserved.some((claim) => covers(claim, path))) continue;
      const problem = 'the host uses this path itself';
      found.push(diagnostic.HTTP103({ flow: name, method, route: path, problem }));
    }
  }
  const [first, ...rest] = found;
  if (first !== undefined) throw new DiagnosticError([first, ...rest]);
}
