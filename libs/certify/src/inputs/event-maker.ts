// Events for runs that wait, made from the schema of their checkpoint.
import type { FlowIR, Value } from '@basalt/ir';
import { makeValue } from './make-inputs.js';

/** Gives the event for a checkpoint of a flow: the same for the same seed. */
export function eventMaker(flow: FlowIR, seed: number): (checkpoint: string) => Value {
  return (checkpoint) => {
    const surface = flow.control_surfaces.find(
      ({ kind, config }) =>
        kind === 'await' && (config as { checkpoint_id?: unknown }).checkpoint_id === checkpoint,
    );
    const schema = (surface?.config as { event_schema?: unknown } | undefined)?.event_schema;
    return schema === undefined ? {} : makeValue(schema, seed);
  };
}
