// The statuses of what the viewer's API refuses.
import { DiagnosticError } from '@basalt/diagnostics';
import type { FastifyInstance } from 'fastify';
import { sendAnswer } from '../answer.js';
import { failureAnswer } from '../failure-answer.js';

const STATUS: Readonly<Record<string, number>> = {
  VIEW001: 404,
  VIEW002: 404,
  VIEW003: 400,
  VIEW004: 403,
  VIEW005: 409,
  VIEW006: 409,
  VIEW007: 400,
  VIEW009: 503,
  VIEW010: 404,
};

/** Answers findings of the viewer; the others go to the host's own handler. */
export function answerViewerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof DiagnosticError)) throw error;
    const status = STATUS[error.diagnostic.code];
    if (status === undefined) throw error;
    sendAnswer(reply, failureAnswer(error.diagnostic, undefined, false, status), undefined);
  });
}
