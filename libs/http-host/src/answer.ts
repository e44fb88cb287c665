// An answer before it is sent: what the flow said, or what went wrong, in the form that the caller
// accepts. Answers to idempotency keys are kept as they are.
import type { FastifyReply } from 'fastify';

export interface Answer {
  readonly status: number;
  /** Content type; undefined: no body. */
  readonly type: string | undefined;
  readonly headers: readonly (readonly [name: string, value: string | readonly string[]])[];
  readonly body: string | Uint8Array;
}

export const RUN_ID_HEADER = 'x-basalt-run-id';

export const JSON_TYPE = 'application/json; charset=utf-8';

const NO_HEADERS: Answer['headers'] = Object.freeze([]);

/** An answer with a body and nothing special. */
export function plainAnswer(status: number, type: string, body: string | Uint8Array): Answer {
  return { status, type, headers: NO_HEADERS, body };
}

/** Sends an answer. `runId` goes into the header of the execution. */
export function sendAnswer(reply: FastifyReply, answer: Answer, runId: string | undefined): void {
  reply.code(answer.status);
  if (runId !== undefined) reply.header(RUN_ID_HEADER, runId);
  for (const [name, value] of answer.headers) reply.header(name, value as string | string[]);
  if (answer.type === undefined) {
    reply.send();
    return;
  }
  reply.header('content-type', answer.type);
  const { body } = answer;
  reply.send(
    typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.length),
  );
}
