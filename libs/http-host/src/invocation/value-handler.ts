// One request, one execution, one answer: the handler of triggers that respond with a value, or with
// no more than the word that the execution was started.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { Invoke, Run, RunResult } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { JSON_TYPE, plainAnswer, sendAnswer, type Answer } from '../answer.js';
import { failureAnswer, failureOf, findingOf } from '../failure-answer.js';
import type { CompiledFlow, HttpRoute } from '../hosted-flow.js';
import type { HostContext } from '../host-part.js';
import { CALLER_GONE } from '../run-hub.js';
import { newRunId } from '../run-ids.js';
import { JobIntake } from '../queueing/job-intake.js';
import { runUrl } from '../queueing/run-url.js';
import { valueAnswer } from '../value-answer.js';
import { wantsCbor } from './accepted-type.js';
import { checkPayload } from './check-payload.js';
import { fingerprintOf, idempotencyKeyIn } from './idempotency-key.js';
import type { IdempotencyStore, KeptAnswer } from './idempotency-store.js';
import { RequestMetadata, type RequestFacts } from './request-metadata.js';

/** Who sends a request, and with what. */
interface Caller extends RequestFacts {
  /** '' where it is not proven. */
  readonly client: string;
}

export class ValueHandler {
  readonly #context: HostContext;
  readonly #flow: CompiledFlow;
  readonly route: HttpRoute;
  readonly #keys: IdempotencyStore;
  readonly #intake: JobIntake | undefined;
  readonly exposeErrors: boolean;

  constructor(context: HostContext, flow: CompiledFlow, route: HttpRoute, keys: IdempotencyStore) {
    this.#context = context;
    this.#flow = flow;
    this.route = route;
    this.#keys = keys;
    const { queue } = context.options;
    this.#intake = queue === undefined ? undefined : new JobIntake(queue, context.options);
    this.exposeErrors = context.options.exposeErrors ?? false;
  }

  handle(request: FastifyRequest, reply: FastifyReply): void {
    const payload = (request.body ?? null) as Value;
    const refused = checkPayload(this.route.trigger, payload);
    if (refused !== undefined) throw new DiagnosticError([refused]);
    const key = idempotencyKeyIn(request.headers);
    const fail = (error: unknown) => void reply.send(error);
    if (this.#intake?.takes(request) === true) {
      this.#enqueue(this.#intake, request, reply, payload, key).catch(fail);
      return;
    }
    if (key !== undefined) {
      this.#repeatable(request, reply, key, payload).catch(fail);
      return;
    }
    const started = this.start(request, payload, undefined);
    if (!(started instanceof Promise)) this.#follow(request, reply, started);
    else started.then((run) => this.#follow(request, reply, run)).catch(fail);
  }

  /** Starts an execution, at once where there is a place for it.
   * @param payload matches the schema of the trigger
   * @throws DiagnosticError as RunHub.start does */
  start(request: Caller, payload: Value, key: string | undefined): Run | Promise<Run> {
    const invoke: Invoke = {
      trigger: this.route.trigger.alias,
      payload,
      payloadIsChecked: true,
      metadata: new RequestMetadata(request, key),
      runId: newRunId(),
    };
    const origin = { client: request.client, source: 'http' };
    return this.#context.runs.start(this.#flow, invoke, origin);
  }

  #follow(request: FastifyRequest, reply: FastifyReply, run: Run): void {
    if (this.route.respond === 'accepted') {
      sendAnswer(reply, this.#accepted(run), run.id);
      return;
    }
    const cbor = wantsCbor(request);
    const { raw } = reply;
    if (run.ended !== undefined && !raw.destroyed) {
      sendAnswer(reply, this.answerOf(run, run.ended, cbor), run.id);
      return;
    }
    let isOver = false;
    const leave = () => {
      if (!isOver) void run.cancel(CALLER_GONE);
    };
    if (raw.destroyed) leave();
    else raw.once('close', leave);
    void run.result.then((result) => {
      isOver = true;
      if (raw.destroyed) reply.send(callerGone(this.#flow));
      else sendAnswer(reply, this.answerOf(run, result, cbor), run.id);
    });
  }

  /** The answer to what became of an execution. */
  answerOf(run: Run, result: RunResult, cbor: boolean): Answer {
    try {
      if (result.status === 'completed') {
        return valueAnswer(this.#flow.name, result.output ?? null, cbor, this.route.bytesOut);
      }
      const { finding, status } = failureOf(result);
      return failureAnswer(finding, run.id, this.exposeErrors, status);
    } catch (error) {
      return failureAnswer(findingOf(error, run.id), run.id, this.exposeErrors);
    }
  }

  #accepted(run: Run): Answer {
    const answer = plainAnswer(202, JSON_TYPE, JSON.stringify({ run_id: run.id }));
    if (this.#context.options.journal === undefined) return answer;
    return { ...answer, headers: [['location', runUrl(run.id)]] };
  }

  async #enqueue(
    intake: JobIntake,
    request: FastifyRequest,
    reply: FastifyReply,
    payload: Value,
    key: string | undefined,
  ): Promise<void> {
    const taken = await intake.take(this.#flow, this.route, request, payload, key);
    if (taken.repeated) reply.header('idempotent-replayed', 'true');
    sendAnswer(reply, taken.answer, taken.runId);
  }

  async #repeatable(request: FastifyRequest, reply: FastifyReply, key: string, payload: Value) {
    const owner = `${this.#flow.id}\n${request.client}`;
    const fingerprint = fingerprintOf(request.raw, payload);
    const make = () => this.#makeKept(request, payload, key);
    const { answer, runId, repeated } = await this.#keys.through(owner, key, fingerprint, make);
    if (repeated) reply.header('idempotent-replayed', 'true');
    sendAnswer(reply, answer, runId);
  }

  /** Runs on when its caller goes away: the repeat of the request gets the answer. */
  async #makeKept(request: FastifyRequest, payload: Value, key: string): Promise<KeptAnswer> {
    const run = await this.start(request, payload, key);
    if (this.route.respond === 'accepted') return { answer: this.#accepted(run), runId: run.id };
    const result = await run.result;
    if (result.status === 'cancelled') throw new DiagnosticError([failureOf(result).finding]);
    return { answer: this.answerOf(run, result, wantsCbor(request)), runId: run.id };
  }
}

/** Nobody reads it; hooks that log and count see it. */
function callerGone(flow: CompiledFlow): DiagnosticError {
  return new DiagnosticError([diagnostic.HTTP153({ flow: flow.name })]);
}
