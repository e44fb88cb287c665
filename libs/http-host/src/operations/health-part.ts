// Two questions of whatever supervises the host: is the process alive, and may it be sent requests.
import type { HostContext, HostPart } from '../host-part.js';
import { loadOf } from './overload-part.js';

const PUBLIC = { access: { kind: 'public' } } as const;

/** Why the host should be sent nothing now; empty where it may. */
export function unreadiness({ app, runs }: HostContext): readonly string[] {
  const load = loadOf(app);
  return [
    ...(runs.isClosing ? ['it is stopping'] : []),
    ...(runs.isOverloaded ? ['no more executions are taken'] : []),
    ...(load?.isOverloaded ? ['the event loop is late'] : []),
  ];
}

/** GET /healthz and GET /readyz. Both are open to anybody and tell no more than they are asked. */
export const healthPart: HostPart = {
  name: 'health',
  reserves: ['/healthz', '/readyz'],
  install(context: HostContext) {
    const { app } = context;
    const never = { 'cache-control': 'no-store' };
    app.get('/healthz', { config: PUBLIC }, (_request, reply) => {
      reply.headers(never).send({ status: 'ok' });
    });
    app.get('/readyz', { config: PUBLIC }, (_request, reply) => {
      const reasons = unreadiness(context);
      const ready = reasons.length === 0;
      reply.headers(never).code(ready ? 200 : 503);
      if (!ready) reply.header('retry-after', 1);
      reply.send(ready ? { status: 'ready' } : { status: 'not_ready', reasons });
    });
  },
};
