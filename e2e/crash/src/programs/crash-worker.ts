// A worker that executes the crash flows: node crash-worker.mjs PLACE LEDGER_PORT BLOBS. It is killed at
// any instant; what it says is {ready: true} and the faults that nobody waits for.
import { openCapabilities } from '@basalt/capabilities';
import { createFlowWorker } from '@basalt/queue';
import { bindingsOf } from '../crash-bindings.js';
import { CRASH_FLOWS } from '../crash-flows.js';
import { LEASE_MS, onceThere, openJournaledPlace } from '../crash-place.js';

const [text, port, blobs] = process.argv.slice(2) as [string, string, string];
// Nobody is left to kill it.
process.stdin.on('end', () => process.exit()).resume();
const say = (line: object) => void process.stdout.write(`${JSON.stringify(line)}\n`);
const onFault = (fault: unknown) => say({ fault: String((fault as Error).message ?? fault) });

const place = JSON.parse(text) as Parameters<typeof openJournaledPlace>[0];
const { queue, journal } = await onceThere(() => openJournaledPlace(place, onFault), onFault);
const { capabilities } = await openCapabilities(bindingsOf(port, blobs), CRASH_FLOWS[0].ir.id);
createFlowWorker({
  backend: queue,
  journal,
  flows: CRASH_FLOWS.map((bundle) => ({ bundle, capabilities })),
  worker: { concurrency: 8, visibilityMs: LEASE_MS },
});
say({ ready: true });
