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
import type { OnePiece } from './one-piece.js';
import { writeAnswer } from './write-answer.js';

/** How answers are written. */
export interface AnswerForms {
  /** The headers of every answer: names and values in turn. */
  readonly headers: readonly string[];
  readonly onePiece: OnePiece;
}

/** A caller that goes away before the first byte of its answer. */
const CLIENT_CLOSED_REQUEST = 499;

const NO_PARAMS = Object.freeze({});

let exchanges = 0;

export class DirectExchange implements RequestFacts {
  readonly params = NO_PARAMS;
  readonly extensions = null;
  readonly client = '';
  readonly #forms: AnswerForms;
  readonly #route: DirectRoute;
  readonly #response: ServerResponse;
  readonly #beganAt = performance.now();
  #body: Buffer | undefined = undefined;
  /** Pieces after the first one. */
  #more: Buffer[] | undefined = undefined;
  /** The execution whose end is waited for. */
  #run: Run | undefined = undefined;
  #isAnswered = false;

  constructor(
    forms: AnswerForms,
    route: DirectRoute,
    readonly raw: IncomingMessage,
    response: ServerResponse,
  ) {
    this.#forms = forms;
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
    const response = this.#response;
    if (response.destroyed || this.#isAnswered) return;
    this.#isAnswered = true;
    const { headers, onePiece } = this.#forms;
    if (!onePiece.write(response, answer, runId)) writeAnswer(response, headers, answer, runId);
  }

  /** The answer has ended, or the caller has gone away. */
  #closed(): void {
    if (this.#run !== undefined) void this.#run.cancel(CALLER_GONE);
    const status = this.#isAnswered ? this.#response.statusCode : CLIENT_CLOSED_REQUEST;
    this.#route.watch.ended(status, performance.now() - this.#beganAt);
  }
}
