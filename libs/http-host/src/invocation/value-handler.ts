// One request, one execution, one answer: the handler of triggers that respond with a value, or with
// no more than the word that the execution was started.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { Invoke, Run, RunResult } from '@basalt/executor';
import { hashValue, type Value } from '@basalt/ir';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { JSON_TYPE, plainAnswer, sendAnswer, type Answer } from '../answer.js';
import { failureAnswer, failureOf, findingOf } from '../failure-answer.js';
import type { CompiledFlow, HttpRoute } from '../hosted-flow.js';
import type { HostContext } from '../host-part.js';
import { newRunId } from '../run-hub.js';
import { valueAnswer } from '../value-answer.js';
import { checkPayload } from './check-payload.js';
import { idempotencyKeyIn, type IdempotencyStore, type KeptAnswer } from './idempotency-store.js';
import { RequestMetadata } from './request-metadata.js';

/** The reason of a cancellation because nobody waits for the answer. */
export const CALLER_GONE = 'its caller went away';

export function valueHandler(
  { runs, options }: HostContext,
  flow: CompiledFlow,
  route: HttpRoute,
  keys: IdempotencyStore,
): (request: FastifyRequest, reply: FastifyReply) => void {
  const trigger = route.trigger.alias;
  const expose = options.exposeErrors ?? false;
  const accepts = route.respond === 'accepted';

  function invokeOf(request: FastifyRequest, payload: Value, key: string | undefined): Invoke {
    const metadata = new RequestMetadata(request, key);
    return { trigger, payload, metadata, runId: newRunId(flow) };
  }

  function answerOf(run: Run, result: RunResult, cbor: boolean): Answer {
    try {
      if (result.status === 'completed') return valueAnswer(flow.name, result.output ?? null, cbor);
      const { finding, status } = failureOf(result);
      return failureAnswer(finding, run.id, expose, status);
    } catch (error) {
      return failureAnswer(findingOf(error, run.id), run.id, expose);
    }
  }

  function accepted(run: Run): Answer {
    return plainAnswer(202, JSON_TYPE, JSON.stringify({ run_id: run.id }));
  }

  function follow(request: FastifyRequest, reply: FastifyReply, run: Run): void {
    if (accepts) {
      sendAnswer(reply, accepted(run), run.id);
      return;
    }
    const { raw } = reply;
    let isOver = false;
    raw.once('close', () => {
      if (!isOver) void run.cancel(CALLER_GONE);
    });
    const cbor = wantsCbor(request);
    void run.result.then((result) => {
      isOver = true;
      if (raw.destroyed) logGone(reply, flow);
      else sendAnswer(reply, answerOf(run, result, cbor), run.id);
    });
  }

  /** Runs on when its caller goes away: the repeat of the request gets the answer. */
  async function makeKept(request: FastifyRequest, invoke: Invoke): Promise<KeptAnswer> {
    const origin = { client: request.client, source: 'http' };
    const run = await runs.start(flow, invoke, origin);
    if (accepts) return { answer: accepted(run), runId: run.id };
    const result = await run.result;
    const answer = answerOf(run, result, wantsCbor(request));
    if (result.status === 'cancelled') throw failedWith(result);
    return { answer, runId: run.id };
  }

  async function repeatable(
    request: FastifyRequest,
    reply: FastifyReply,
    key: string,
    payload: Value,
  ) {
    const owner = `${flow.id}\n${request.client}`;
    const { method, url } = request.raw;
    const fingerprint = hashValue([method ?? '', url ?? '', payload]);
    const invoke = invokeOf(request, payload, key);
    const make = () => makeKept(request, invoke);
    const { answer, runId, repeated } = await keys.through(owner, key, fingerprint, make);
    if (repeated) reply.header('idempotent-replayed', 'true');
    sendAnswer(reply, answer, runId);
  }

  return (request, reply) => {
    const payload = (request.body ?? null) as Value;
    const refused = checkPayload(route.trigger, payload);
    if (refused !== undefined) throw new DiagnosticError([refused]);
    const key = idempotencyKeyIn(request.headers);
    const fail = (error: unknown) => void reply.send(error);
    if (key !== undefined) {
      repeatable(request, reply, key, payload).catch(fail);
      return;
    }
    const origin = { client: request.client, source: 'http' };
    const started = runs.start(flow, invokeOf(request, payload, undefined), origin);
    if (started instanceof Promise) started.then((run) => follow(request, reply, run)).catch(fail);
    else follow(request, reply, started);
  };
}

/** Whether CBOR is the first of the types that the caller accepts. */
export function wantsCbor({ headers }: FastifyRequest): boolean {
  const { accept } = headers;
  if (accept === undefined || accept === '*/*') return false;
  return prefers(accept, 'application/cbor', 'application/json');
}

/** Whether `wanted` has a higher quality in an Accept header than `other` (RFC 9110, 12.5.1), or the
 * same and stands first. */
export function prefers(accept: string, wanted: string, other: string): boolean {
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...params] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = params.find((param) => param.startsWith('q='))?.slice(2);
    return { type, quality: quality === undefined ? 1 : Number(quality) || 0 };
  });
  const of = (type: string) => ranges.find((range) => range.type === type);
  const mine = of(wanted);
  if (mine === undefined || mine.quality === 0) return false;
  const theirs = of(other) ?? of('application/*') ?? of('*/*');
  if (theirs === undefined || mine.quality > theirs.quality) return true;
  return mine.quality === theirs.quality && ranges.indexOf(mine) < ranges.indexOf(theirs);
}

function logGone(reply: FastifyReply, flow: CompiledFlow): void {
  reply.send(new DiagnosticError([diagnostic.HTTP153({ flow: flow.name })]));
}

function failedWith(result: RunResult): DiagnosticError {
  return new DiagnosticError([failureOf(result).finding]);
}
