// GET /_runs/ID: what became of a run, for whoever may see the runs of its flow.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { FastifyRequest } from 'fastify';
import { JSON_TYPE } from '../answer.js';
import type { HostPart } from '../host-part.js';
import { jsonText } from '../value-answer.js';
import { findRun } from './run-state.js';
import { RUN_URLS } from './run-url.js';

interface ById {
  Params: { id: string };
}

/** The handler looks at what the caller may do with the flow. */
const config = { access: { kind: 'token' } } as const;

const RETRY_AFTER_SECONDS = 1;

export const runUrlPart: HostPart = {
  name: 'run-urls',
  reserves: [RUN_URLS],
  install({ app, options }) {
    const { journal } = options;
    if (journal === undefined) return;
    const stores = { ...options, journal };
    app.get<ById>(`${RUN_URLS}:id`, { config }, async (request, reply) => {
      const { id } = request.params;
      const state = await findRun(id, stores);
      // A caller who may not see it is told the same as one who asks for a run that is not there.
      if (state === undefined || !maySee(request, state.flow)) {
        throw new DiagnosticError([diagnostic.HTTP160({ run: id })]);
      }
      reply.header('cache-control', 'no-store').type(JSON_TYPE);
      if (!state.hasEnded) reply.header('retry-after', RETRY_AFTER_SECONDS);
      const { hasEnded: _ended, output, ...shown } = state;
      const text = JSON.stringify({ run_id: id, ...shown });
      return output === undefined ? text : `${text.slice(0, -1)},"output":${jsonText(output)}}`;
    });
  },
};

function maySee(request: FastifyRequest, flow: string): boolean {
  return request.may(flow, 'view');
}
