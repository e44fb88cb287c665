// Flows on Restate: an endpoint that Restate calls for each job of a queue. The flow runs in the
// invocation; its effectful handlers are durable steps, so that after a crash it runs again and none of
// them is called whose result Restate has.
import { createEndpointHandler } from '@restatedev/restate-sdk';
import { DiagnosticError, diagnostic, isError } from '@basalt/diagnostics';
import { startRun, type HostOptions, type RunResult } from '@basalt/executor';
import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { failureOutcome } from '../flow-worker/failure-outcome.js';
import { labelsOf } from '../flow-worker/job-run.js';
import {
  compileQueuedFlows,
  type QueuedFlow,
  type WorkerFlow,
} from '../flow-worker/queued-flow.js';
import type { DeliveryOutcome, Job } from '../job.js';
import { checkQueueName } from '../queue-name.js';
import { restateClient, type RestateClient, type RestateOptions } from './restate-client.js';
import { restateJournal } from './restate-journal.js';
import { restateNames, type RestateNames } from './restate-names.js';
import { restateServices, type RestateAttempt } from './restate-services.js';

export interface RestateFlowsOptions extends RestateOptions {
  readonly flows: readonly QueuedFlow[];
  /** For every run; capabilities are those of its flow. */
  readonly host?: Omit<HostOptions, 'capabilities' | 'onSuspended'> | undefined;
  /** Where to listen; a free port of 127.0.0.1 when absent. */
  readonly listen?: { readonly host: string; readonly port: number } | undefined;
  /** Where Restate reaches this endpoint, when that is not where it listens. */
  readonly advertisedUrl?: string | undefined;
  /** Told of each run that has ended here; more than once for a run that is replayed. */
  readonly onEnded?: ((job: Job, result: RunResult) => void) | undefined;
}

/** An endpoint that serves flows and is registered with Restate. */
export interface RestateFlows {
  /** Where Restate calls it. */
  readonly url: string;
  /** Takes no more calls; those under way are made again elsewhere. */
  close(): Promise<void>;
}

const NO_RESULT = 'RUN110';

/** Serves flows and registers them. @throws DiagnosticError with the findings on the flows, QUE301 for
 * one that Restate cannot execute, QUE306 for a delivery that it does not keep, QUE302 where the server cannot be reached. */
export async function serveRestateFlows(options: RestateFlowsOptions): Promise<RestateFlows> {
  const names = restateNames(checkQueueName(options.queue));
  const flows = compileQueuedFlows(options.flows);
  for (const { plan } of flows.values()) {
    refuseAwaits(plan.ir);
    refuseAtMostOnce(plan.ir);
  }
  const client = restateClient(options);
  const execute: RestateAttempt = (job, _attempt, turn) =>
    attemptFlow({ options, flows, client, names }, job, turn);
  const { host, port } = options.listen ?? { host: '127.0.0.1', port: 0 };
  const services = restateServices(names, client, execute);
  const server = createServer(createEndpointHandler({ services, logger: () => undefined }));
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined).on('close', () => sessions.delete(session));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const url = options.advertisedUrl ?? `http://${host}:${(server.address() as AddressInfo).port}`;
  const close = () => closed(server, sessions);
  try {
    await client.command('POST', 'deployments', { uri: url, force: true });
  } catch (error) {
    await close();
    throw error;
  }
  return { url, close };
}

function closed(server: Http2Server, sessions: ReadonlySet<ServerHttp2Session>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const session of sessions) session.destroy();
  });
}

/** A flow that waits for events would need its events from Restate. */
function refuseAwaits({ name, control_surfaces }: WorkerFlow['plan']['ir']): void {
  const surface = control_surfaces.find(({ kind }) => kind === 'await');
  if (surface === undefined) return;
  throw new DiagnosticError([diagnostic.QUE301({ flow: name, surface: surface.id })]);
}

/** Restate calls a step again whose worker died: an effect may not be repeated behind such an edge. */
function refuseAtMostOnce({ name, edges, nodes }: WorkerFlow['plan']['ir']): void {
  const effectful = new Set(
    nodes.filter(({ effects }) => effects === 'effectful').map(({ alias }) => alias),
  );
  const edge = edges.find(({ delivery, to }) => delivery === 'at_most_once' && effectful.has(to));
  if (edge === undefined) return;
  const params = { flow: name, edge: `${edge.from} -> ${edge.to}` };
  throw new DiagnosticError([diagnostic.QUE306(params)]);
}

interface Serving {
  readonly options: RestateFlowsOptions;
  readonly flows: ReadonlyMap<string, WorkerFlow>;
  readonly client: RestateClient;
  readonly names: RestateNames;
}

async function attemptFlow(
  { options, flows, client, names }: Serving,
  job: Job,
  { log, startedAt, number }: Parameters<RestateAttempt>[2],
): Promise<DeliveryOutcome> {
  const flow = flows.get(job.flow);
  if (flow === undefined) {
    return failureOutcome(diagnostic.QUE110({ job: job.id, flow: job.flowName, id: job.flow }));
  }
  const runId = number === 1 ? job.id : `${job.id}~${number}`;
  const journal = restateJournal(runId, startedAt, log, client, names);
  const { trigger, capture, payload, deadlineMs, extensions = {} } = job;
  try {
    const run = startRun(
      flow.plan,
      {
        payload,
        journal,
        runId,
        metadata: { labels: labelsOf(job, options.queue), extensions },
        ...(trigger === undefined ? {} : { trigger }),
        ...(capture === undefined ? {} : { capture }),
        ...(deadlineMs === undefined ? {} : { deadlineMs }),
      },
      { ...options.host, capabilities: flow.capabilities },
    );
    const result = await run.result;
    await journal.settled();
    options.onEnded?.(job, result);
    const lacksResult = result.diagnostics.some(({ code }) => code === NO_RESULT);
    if (journal.dropped() && lacksResult) return { kind: 'done' };
    return outcomeOf(job, result);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return failureOutcome(error.diagnostic);
  }
}

function outcomeOf(job: Job, { status, diagnostics }: RunResult): DeliveryOutcome {
  if (status === 'completed' || status === 'cancelled') return { kind: 'done' };
  const cause = diagnostics.find(isError);
  const unknown = diagnostic.QUE111({ job: job.id, reason: 'its run has failed' });
  return failureOutcome(cause ?? unknown);
}
