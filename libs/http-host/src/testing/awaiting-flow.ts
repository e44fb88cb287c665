// A flow that waits for an event between its trigger and its answer.
import { hostedFlow, type FlowGiven } from './hosted-flows.js';
import type { HostedFlow } from '../hosted-flow.js';

/** It answers with {event, input}. The key is `id` of its payload, the checkpoint `approval`. */
export function awaitingFlow(name: string, given: Partial<FlowGiven> = {}): HostedFlow {
  const config = {
    v: 1,
    checkpoint_id: 'approval',
    correlation_key: '/id',
    source: 'trigger',
    target: 'respond',
    event_schema: { type: 'object', required: ['approved'] },
  };
  const targets = ['trigger', 'respond'];
  const surface = { id: 'ask', kind: 'await', targets, config };
  return hostedFlow({
    name,
    trigger: { respond: 'accepted', capture: 'respond' },
    ...given,
    more: {
      checkpoints: [{ id: 'approval' }],
      control_surfaces: [surface as never],
      ...given.more,
    },
  });
}
