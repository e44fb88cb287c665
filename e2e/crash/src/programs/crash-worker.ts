// A worker that executes the crash flows: node crash-worker.mjs PLACE LEDGER_PORT. It is killed at any
// instant; what it says is {ready: true} and the faults that nobody waits for.
import { openCapabilities } from '@basalt/capabilities';
import { createFlowWorker } from '@basalt/queue';
import { CRASH_FLOWS } from '../crash-flows.js';
import { LEASE_MS, openPlaceOnceThere, type CrashPlace } from '../crash-place.js';

const [place, port] = process.argv.slice(2) as [string, string];
// Nobody is left to kill it.
process.stdin.on('end', () => process.exit()).resume();
const say = (line: object) => void process.stdout.write(`${JSON.stringify(line)}\n`);
const onFault = (fault: unknown) => say({ fault: String((fault as Error).message ?? fault) });

const { queue, journal } = await openPlaceOnceThere(JSON.parse(place) as CrashPlace, onFault);
const { capabilities } = await openCapabilities(
  // The delivery ledger of the journal is used in place of the dedupe store; the hint must be bound.
  [`http=undici:127.0.0.1:${port},+private`, 'dedupe=memory'],
  CRASH_FLOWS[0].ir.id,
);
createFlowWorker({
  backend: queue,
  journal,
  flows: CRASH_FLOWS.map((bundle) => ({ bundle, capabilities })),
  worker: { concurrency: 8, visibilityMs: LEASE_MS },
});
say({ ready: true });
