// The promises of queue-backend.ts, as cases that every backend is held to. They use no test framework:
// a test file runs them with `for (const { name, run } of QUEUE_CONFORMANCE) it(name, ...)`.
import { deadLetterCases } from './conformance-dead-letters.js';
import { deliveryCases } from './conformance-delivery.js';
import { enqueueCases } from './conformance-enqueue.js';
import { limitCases } from './conformance-limits.js';
import { orderCases } from './conformance-order.js';
import { scheduleCases } from './conformance-schedules.js';
import { QueueUnderTest, type ConformanceCase, type QueueHarness } from './queue-harness.js';

const CASES: readonly ConformanceCase[] = [
  ...enqueueCases,
  ...deliveryCases,
  ...orderCases,
  ...limitCases,
  ...deadLetterCases,
  ...scheduleCases,
];

/** Every case, ready to be run on a harness. */
export const QUEUE_CONFORMANCE: readonly {
  readonly name: string;
  run(harness: QueueHarness): Promise<void>;
}[] = CASES.map(({ name, run }) => ({
  name,
  async run(harness) {
    const queue = new QueueUnderTest(harness);
    try {
      await run(queue);
    } finally {
      await queue.close();
    }
  },
}));
