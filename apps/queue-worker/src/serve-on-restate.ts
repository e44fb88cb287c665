// A worker on Restate: an endpoint that Restate calls for each job. Restate keeps the journals, and limits
// how many calls there are.
import { isError } from '@basalt/diagnostics';
import { jsonLog } from '@basalt/capabilities';
import { closeOnSignals } from '@basalt/http-host';
import { serveRestateFlows } from '@basalt/queue';
import { addressOf } from './address-of.js';
import { HostUsageError, type HostOutside } from './host-outside.js';
import { openFlows } from './open-flows.js';
import { restateAccess, withServer } from './open-store.js';
import type { WorkerArgs } from './worker-options.js';

/** Options that say how a worker takes jobs: Restate pushes them. */
const NOT_THERE = ['perKey', 'rate', 'visibilityMs', 'metricsAddr'] as const;

/** Serves until a signal comes; gives the number of signals that it took.
 * @throws DiagnosticError, HostUsageError, MissingToolError before anything is served. */
export async function serveOnRestate(args: WorkerArgs, outside: HostOutside): Promise<number> {
  const given = NOT_THERE.find((name) => args[name] !== undefined);
  if (given !== undefined) {
    const word = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new HostUsageError(`--${word} has no meaning with Restate, which pushes jobs itself.`);
  }
  const access = restateAccess(args);
  const listen = args.listen === undefined ? undefined : addressOf(args.listen, '--listen');
  const { flows, close } = await openFlows(args, outside, 'queue');
  try {
    const log = jsonLog({ sink: (line) => outside.err(line) });
    const { advertise: advertisedUrl } = args;
    const serving = await withServer(() =>
      serveRestateFlows({
        ...access,
        flows,
        listen,
        advertisedUrl,
        onEnded: ({ id, flowName }, { status, diagnostics }) => {
          const isGood = status === 'completed';
          if (isGood && args.jobLog !== true) return;
          const code = diagnostics.find(isError)?.code;
          const fields = { job: id, flow: flowName, status, ...(code ? { code } : {}) };
          log.write(isGood ? 'info' : 'warn', 'run', fields);
        },
      }),
    );
    const end = () => serving.close();
    const ended = closeOnSignals({ close: end, closeNow: end }, { log });
    const names = flows.map(({ bundle }) => bundle.ir.name).join(', ');
    const place = new URL(access.ingressUrl).host;
    outside.err(
      `Worker ${serving.url} takes jobs of ${args.queue} (restate, ${place})\n  flows ${names}\n`,
    );
    return await ended;
  } finally {
    await close();
  }
}
