// /_runs/ID: what became of a run, for whoever may see the runs of its flow; events that it waits for,
// from whoever may start it; its end, by whoever may cancel it.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { JSON_TYPE } from '../answer.js';
import type { HostContext, HostPart } from '../host-part.js';
import { cancelKept } from '../run-control/cancel-kept-run.js';
import { reasonOf, runEventOf } from '../run-control/control-body.js';
import { deliverToActive, deliverToKept } from '../run-control/deliver-event.js';
import { shownWait } from '../run-control/open-waits.js';
import type { ActiveRun } from '../run-hub.js';
import type { FlowAction } from '../security/scope.js';
import { jsonText } from '../value-answer.js';
import { findAttempts, findRun, type RunState } from './run-state.js';
import { RUN_URLS } from './run-url.js';

interface ById {
  Params: { id: string };
}

/** The handlers look at what the caller may do with the flow. */
const config = { access: { kind: 'token' } } as const;

const RETRY_AFTER_SECONDS = 1;

export const runUrlPart: HostPart = {
  name: 'run-urls',
  reserves: [RUN_URLS],
  install(context) {
    const { app } = context;
    showRoute(app, context);
    eventRoute(app, context);
    cancelRoute(app, context);
  },
};

function showRoute(app: FastifyInstance, context: HostContext): void {
  app.get<ById>(`${RUN_URLS}:id`, { config }, async (request, reply) => {
    const { id } = request.params;
    const state = await stateOf(id, context);
    if (state === undefined || !request.may(state.flow, 'view')) throw notThere(id);
    asJson(reply);
    if (!state.hasEnded) reply.header('retry-after', RETRY_AFTER_SECONDS);
    const { hasEnded: _ended, output, ...shown } = state;
    const text = JSON.stringify({ run_id: id, ...shown });
    return output === undefined ? text : `${text.slice(0, -1)},"output":${jsonText(output)}}`;
  });
}

function eventRoute(app: FastifyInstance, context: HostContext): void {
  app.post<ById>(`${RUN_URLS}:id/events`, { config }, async (request, reply) => {
    const { id } = request.params;
    const state = await allowed(request, id, 'run', context);
    const event = runEventOf(id, request);
    const { journal } = context.options;
    const { repeated, takenUpBy } =
      journal === undefined
        ? deliverToActive(underWay(id, context), event)
        : await deliverToKept(context, journal, await begunRun(id, state, context), event);
    if (repeated) reply.header('idempotent-replayed', 'true');
    asJson(reply).code(202);
    return JSON.stringify({ run_id: id, event_id: event.id, repeated, taken_up_by: takenUpBy });
  });
}

function cancelRoute(app: FastifyInstance, context: HostContext): void {
  app.post<ById>(`${RUN_URLS}:id/cancel`, { config }, async (request, reply) => {
    const { id } = request.params;
    const state = await allowed(request, id, 'cancel', context);
    const reason = reasonOf(id, request);
    const { options, flows } = context;
    const { journal, queue } = options;
    let status: 'cancelled' | 'cancelling' = 'cancelling';
    if (journal === undefined) void underWay(id, context).run.cancel(reason);
    else status = await cancelKept(id, state, reason, { journal, queue, flows });
    asJson(reply).code(status === 'cancelled' ? 200 : 202);
    return JSON.stringify({ run_id: id, status });
  });
}

/** The run, where the caller may do this with it. A caller who may not even see it is told the same as
 * one who asks for a run that is not there. @throws DiagnosticError HTTP160, HTTP203. */
async function allowed(
  request: FastifyRequest,
  id: string,
  action: FlowAction,
  context: HostContext,
): Promise<RunState> {
  const state = await stateOf(id, context);
  if (state === undefined) throw notThere(id);
  if (request.may(state.flow, action)) return state;
  if (!request.may(state.flow, 'view')) throw notThere(id);
  const scope = `flow:${state.flow}:${action}`;
  const token = request.principal?.name ?? '';
  throw new DiagnosticError([diagnostic.HTTP203({ token, scope })]);
}

/** With a journal what is kept, else what is under way. */
async function stateOf(id: string, { options, runs }: HostContext): Promise<RunState | undefined> {
  const { journal } = options;
  if (journal !== undefined) return findRun(id, { ...options, journal });
  const active = runs.find(id);
  return active === undefined ? undefined : activeState(active);
}

function underWay(id: string, { runs }: HostContext): ActiveRun {
  const active = runs.find(id);
  if (active === undefined) throw notThere(id);
  return active;
}

function activeState({ entry, run }: ActiveRun): RunState {
  const waits = run.waiting();
  const waits_for = waits.map(({ checkpointId: checkpoint, correlationKey: key, due }) =>
    shownWait({ checkpoint, key, due }),
  );
  return {
    flow: entry.flow.name,
    status: waits.length === 0 ? 'running' : 'waiting',
    started_at: entry.startedAt,
    ended_at: null,
    ...(waits.length === 0 ? {} : { waits_for }),
    hasEnded: false,
  };
}

/** Id of the attempt that takes events. @throws DiagnosticError HTTP163, JRNL003. */
async function begunRun(id: string, state: RunState, { options }: HostContext): Promise<string> {
  if (state.hasEnded) {
    throw new DiagnosticError([diagnostic.JRNL003({ run: id, status: state.status })]);
  }
  const { last } = await findAttempts(id, options.journal!);
  if (last !== undefined && state.status !== 'retrying') return last.runId;
  const problem = 'no worker has begun it; it has nothing that an event could be kept with';
  const details = { retry_after_s: RETRY_AFTER_SECONDS };
  throw new DiagnosticError([diagnostic.HTTP163({ run: id, problem }, undefined, { details })]);
}

function notThere(run: string): DiagnosticError {
  return new DiagnosticError([diagnostic.HTTP160({ run: run.slice(0, 200) })]);
}

function asJson(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store').type(JSON_TYPE);
}
