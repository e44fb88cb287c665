// A process that executes flows from an embedded queue, for tests that kill it: node flow-child.mjs
// FOLDER LEDGER. Each effect is one line of the file LEDGER: node, job and idempotency key.
import { appendFileSync } from 'node:fs';
import { openEmbeddedJournal } from '@basalt/journal';
import { openEmbeddedQueue } from '../embedded/embedded-queue.js';
import { createFlowWorker } from '../flow-worker/flow-worker.js';
import { paymentsFlow } from './payments-flow.js';

const [folder, ledger] = process.argv.slice(2) as [string, string];

const journal = await openEmbeddedJournal(folder);
const backend = await openEmbeddedQueue({ folder, queue: 'flows' });
const effect = (line: string) => appendFileSync(ledger, `${line}\n`);
createFlowWorker({
  backend,
  journal,
  flows: [paymentsFlow(effect)],
  worker: { concurrency: 8 },
  onEnded: ({ delivery, outcome }) =>
    process.stdout.write(`${JSON.stringify({ ended: delivery.job.id, outcome: outcome.kind })}\n`),
});
