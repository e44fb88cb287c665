// Refuses new executions while the event loop is late: what is under way gets done, and callers learn
// at once that they have to come back. The bound on executions at once is the run hub's.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HostContext, HostPart } from '../host-part.js';
import { EventLoopLoad } from './event-loop-load.js';

const DEFAULT_MAX_DELAY_MS = 500;
const RETRY_AFTER_S = 1;

/** Whether the host has too much to do, and how late its event loop is. */
export interface Load {
  readonly delayMs: number;
  readonly isOverloaded: boolean;
}

const loads = new WeakMap<object, Load>();

/** The load of a server that has the part; undefined where shedding is switched off. */
export function loadOf(app: FastifyInstance): Load | undefined {
  return loads.get(app.server);
}

function starts(request: FastifyRequest): boolean {
  return !request.is404 && request.routeOptions.config.invoked !== undefined;
}

/** Sheds load by the delay of the event loop. */
export const overloadPart: HostPart = {
  name: 'overload',
  install({ app, direct, options }: HostContext) {
    const limitMs = options.operations?.maxEventLoopDelayMs ?? DEFAULT_MAX_DELAY_MS;
    if (limitMs === 0) return;
    const loop = new EventLoopLoad();
    const load: Load = {
      get delayMs() {
        return loop.delayMs;
      },
      get isOverloaded() {
        return loop.delayMs > limitMs;
      },
    };
    loads.set(app.server, load);
    direct.unless(() => load.isOverloaded);
    app.addHook('onRequest', (request, _reply, done) => {
      if (!load.isOverloaded || !starts(request)) return done();
      const reason = `its event loop is ${Math.round(load.delayMs)} ms late (maxEventLoopDelayMs is ${limitMs})`;
      const details = { retry_after_s: RETRY_AFTER_S };
      throw new DiagnosticError([diagnostic.HTTP211({ reason }, undefined, { details })]);
    });
    app.addHook('onClose', (_app, done) => {
      loop.stop();
      done();
    });
  },
};
