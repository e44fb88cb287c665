// The viewer's API over HTTP, below /_flows/api/.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { isPlainObject, type Value } from '@basalt/ir';
import { CHANGE_HEADER, type FlowList, type StartedRun } from '@basalt/run-viewer';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseRunQuery } from './run-query.js';
import { RunWatcher } from './run-watcher.js';
import type { StartRequest, ViewerService } from './viewer-service.js';

interface ById {
  Params: { id: string };
}

interface ByNode {
  Params: { id: string; alias: string };
}

/** The handlers look at what the caller may do with each flow. */
const config = { access: { kind: 'token' } } as const;

export function viewerRoutes(
  app: FastifyInstance,
  service: ViewerService,
  maxWatchers: number,
): void {
  readRoutes(app, service);
  changeRoutes(app, service);
  eventRoute(app, service, maxWatchers);
}

function readRoutes(app: FastifyInstance, service: ViewerService): void {
  app.get('/flows', { config }, (request, reply) => {
    const list: FlowList = { flows: service.listFlows(request) };
    return fresh(reply).send(list);
  });
  app.get<ById>('/flows/:id', { config }, (request, reply) =>
    fresh(reply).send(service.showFlow(request.params.id, request)),
  );
  app.get('/runs', { config }, (request, reply) =>
    fresh(reply).send(service.listRuns(parseRunQuery(queryOf(request)), request)),
  );
  app.get<ById>('/runs/:id', { config }, (request, reply) =>
    fresh(reply).send(service.showRun(request.params.id, request)),
  );
  app.get<ByNode>('/runs/:id/nodes/:alias', { config }, (request, reply) =>
    fresh(reply).send(service.inspect(request.params.id, request.params.alias, request)),
  );
}

function changeRoutes(app: FastifyInstance, service: ViewerService): void {
  const started = (reply: FastifyReply, id: string) => {
    const answer: StartedRun = { run_id: id };
    return fresh(reply).code(202).send(answer);
  };
  app.post<ById>('/flows/:id/runs', { config }, async (request, reply) => {
    refuseForeign(request);
    const { id } = request.params;
    return started(reply, await service.start(id, startRequest(id, request.body), request));
  });
  app.post<ById>('/runs/:id/cancel', { config }, (request, reply) => {
    refuseForeign(request);
    service.cancel(request.params.id, request);
    return started(reply, request.params.id);
  });
  app.post<ById>('/runs/:id/again', { config }, async (request, reply) => {
    refuseForeign(request);
    return started(reply, await service.again(request.params.id, request));
  });
}

function eventRoute(app: FastifyInstance, service: ViewerService, maxWatchers: number): void {
  let watching = 0;
  app.get<ById>('/runs/:id/events', { config }, (request, reply) => {
    const run = service.run(request.params.id, request);
    const since = lastVersion(request);
    if (watching >= maxWatchers) {
      const details = { retry_after_s: 5 };
      throw new DiagnosticError([
        diagnostic.VIEW009({ limit: maxWatchers }, undefined, { details }),
      ]);
    }
    watching += 1;
    reply.hijack();
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders())) raw.setHeader(name, value!);
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    new RunWatcher(run, service.presenter, raw, since, () => (watching -= 1));
  });
}

/** The version that the page knows, from Last-Event-ID or the parameter `since`. */
function lastVersion(request: FastifyRequest): number {
  const text = request.headers['last-event-id'] ?? queryOf(request).get('since') ?? '0';
  if (typeof text === 'string' && /^\d{1,15}$/.test(text)) return Number(text);
  const problem = 'it is no version of a run';
  throw new DiagnosticError([diagnostic.VIEW003({ name: 'Last-Event-ID', problem })]);
}

/** The header cannot be sent by a page of another site without its being asked first (Fetch standard,
 * CORS-preflight), and the guard of the host refuses foreign origins besides. */
function refuseForeign(request: FastifyRequest): void {
  if (request.headers[CHANGE_HEADER] !== undefined) return;
  const problem = `it lacks the header ${CHANGE_HEADER}`;
  throw new DiagnosticError([diagnostic.VIEW004({ problem })]);
}

function startRequest(flow: string, body: unknown): StartRequest {
  const unusable = (problem: string) =>
    new DiagnosticError([diagnostic.VIEW007({ flow, problem })]);
  const isMap = typeof body === 'object' && body !== null && isPlainObject(body);
  if (!isMap) throw unusable('its body is no JSON object');
  const { trigger, payload = null, ...rest } = body as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw unusable(`its field ${unknown.slice(0, 100)} is not known`);
  if (trigger !== undefined && typeof trigger !== 'string') throw unusable('trigger is no text');
  return { trigger, payload: payload as Value };
}

function queryOf(request: FastifyRequest): URLSearchParams {
  const url = request.raw.url ?? '';
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
}

function fresh(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}
