// A flow whose effects are counted: reserve, then pay, then notify, a moment each.
import type { QueuedFlow } from '../flow-worker/queued-flow.js';
import { EFFECT, queuedFlow } from './queued-flows.js';

export const PAYMENT_STEPS = ['reserve', 'pay', 'notify'] as const;

/** The flow; `effect` is told "node id key" of each call. */
export function paymentsFlow(effect: (line: string) => void): QueuedFlow {
  return queuedFlow({
    name: 'payments',
    nodes: PAYMENT_STEPS.map((alias) => ({
      ...EFFECT,
      alias,
      run: async (input: { id: number }, { idempotencyKey }) => {
        await new Promise((resolve) => setTimeout(resolve, input.id % 4));
        effect(`${alias} ${input.id} ${idempotencyKey}`);
        return input;
      },
    })),
  });
}
