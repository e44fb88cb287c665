// One plain request from its first byte to the end of its answer.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DiagnosticError } from '@basalt/diagnostics';
import type { Run, RunResult } from '@basalt/executor';
import type { Answer } from '../answer.js';
import { failureAnswer, findingOf } from '../failure-answer.js';
import { checkPayload } from '../invocation/check-payload.js';
import { readJsonPayload } from '../invocation/body-parsers.js';
import type { RequestFacts } from '../invocation/request-metadata.js';
import { CALLER_GONE } from '../run-hub.js';
import type { DirectRoute } from './direct-path.js';
import { writeAnswer } from './write-answer.js';

/** A caller that goes away before the first byte of its answer. */
const CLIENT_CLOSED_REQUEST = 499;

const NO_PARAMS = Object.freeze({});

let exchanges = 0;

export class DirectExchange implements RequestFacts {
  readonly params = NO_PARAMS;
  readonly extensions = null;
  readonly client = '';
  readonly #headers: readonly string[];
  readonly #route: DirectRoute;
  readonly #response: ServerResponse;
  readonly #beganAt = performance.now();
  #body: Buffer | undefined = undefined;
  /** Pieces after the first one. */
  #more: Buffer[] | undefined = undefined;
  /** The execution whose end is waited for. */
  #run: Run | undefined = undefined;

  /** @param headers of every answer: names and values in turn */
  constructor(
    headers: readonly string[],
    route: DirectRoute,
    readonly raw: IncomingMessage,
    response: ServerResponse,
  ) {
    this.#headers = headers;
    this.#route = route;
    this.#response = response;
  }

  begin(): void {
    this.#route.watch.began();
    this.raw.on('data', (piece: Buffer) => this.#take(piece));
    this.raw.on('end', () => this.#start());
    this.#response.on('close', () => this.#closed());
  }

  #take(piece: Buffer): void {
    if (this.#body === undefined) this.#body = piece;
    else (this.#more ??= []).push(piece);
  }

  #start(): void {
    const { handler } = this.#route;
    try {
      const started = handler.start(this, this.#payload(), undefined);
      if (!(started instanceof Promise)) this.#follow(started);
      else started.then((run) => this.#follow(run)).catch((error) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @throws DiagnosticError where it is malformed, or does not match the schema of the trigger. */
  #payload() {
    const { route } = this.#route.handler;
    const body = this.#body ?? Buffer.alloc(0);
    const whole = this.#more === undefined ? body : Buffer.concat([body, ...this.#more]);
    const payload = readJsonPayload(whole, route);
    const refused = checkPayload(route.trigger, payload);
    if (refused !== undefined) throw new DiagnosticError([refused]);
    return payload;
  }

  #follow(run: Run): void {
    if (run.ended !== undefined) {
      this.#answer(run, run.ended);
    } else if (this.#response.destroyed) {
      void run.cancel(CALLER_GONE);
    } else {
      this.#run = run;
      run.result.then((result) => this.#answer(run, result)).catch((error) => this.#fail(error));
    }
  }

  #answer(run: Run, result: RunResult): void {
    this.#run = undefined;
    this.#send(this.#route.handler.answerOf(run, result, false), run.id);
  }

  #fail(error: unknown): void {
    const finding = findingOf(error, `direct-${(exchanges += 1)}`);
    this.#send(failureAnswer(finding, undefined, this.#route.handler.exposeErrors), undefined);
  }

  #send(answer: Answer, runId: string | undefined): void {
    if (this.#response.destroyed || this.#response.headersSent) return;
    writeAnswer(this.#response, this.#headers, answer, runId);
  }

  /** The answer has ended, or the caller has gone away. */
  #closed(): void {
    if (this.#run !== undefined) void this.#run.cancel(CALLER_GONE);
    const { headersSent, statusCode } = this.#response;
    const status = headersSent ? statusCode : CLIENT_CLOSED_REQUEST;
    this.#route.watch.ended(status, performance.now() - this.#beganAt);
  }
}
