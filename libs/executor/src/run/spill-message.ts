// Moves a message to the spill tier: a placeholder keeps its turn in the queue, takes no place on the
// edge, and loads the value when its turn comes.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { encodeCanonical } from '@basalt/ir';
import type { EdgeRun, Sender } from './edge-run.js';
import type { FlowRun } from './flow-run.js';
import { Message } from './message.js';

/** True for a message that is too large for memory, or whose edge is full and has a spill tier. */
export function spills(edge: EdgeRun, message: Message): boolean {
  const { spillBytes, spillTier } = edge.plan;
  if (spillTier !== undefined && edge.isFull) return true;
  return spillBytes < Infinity && encodeCanonical(message.value).length >= spillBytes;
}

/** A message that cannot be kept must not be skipped, whatever handles the errors of its node. With a
 * journal it is not lost: the execution goes on from there once the store has room. */
function stop(run: FlowRun, error: unknown): void {
  if (!(error instanceof DiagnosticError)) throw error;
  if (run.durable === undefined) run.fail(error.diagnostic);
  else run.durable.root.ending.interrupt(error.diagnostic);
}

/** Begins to write the value and gives the placeholder. The sender is held back until the value is
 * written, so that values on their way to the store do not fill the memory. */
export function spillMessage(edge: EdgeRun, message: Message, sender: Sender): Message {
  const { run, plan } = edge;
  const { value, scope } = message;
  const store = run.preparation.spillStore(plan);
  const placeholder = new Message(null, scope, plan);
  sender.held();
  run.callBegan();
  const written = store.put(plan.label, value);
  const over = () => {
    run.callEnded();
    sender.released();
    run.drain();
  };
  written.then(
    ({ bytes }) => {
      if (edge.firstSpill()) {
        const { from, to } = plan.ir;
        run.ending.note(diagnostic.RUN040({ bytes, from, to, tier: plan.spillTier ?? 'spill' }));
      }
      over();
    },
    (error: unknown) => {
      stop(run, error);
      over();
    },
  );
  placeholder.extra = {
    load: async () => {
      const ticket = await written;
      const loaded = await store.load(ticket);
      await store.discard(ticket);
      return loaded;
    },
    ...(plan.partition === undefined ? {} : { lane: plan.partition(value) }),
  };
  run.observer?.spilled?.(run, plan);
  return placeholder;
}
