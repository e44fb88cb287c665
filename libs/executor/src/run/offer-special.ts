// The ways onto an edge that are not a plain bounded queue: loop backs, awaits, time limits, dropping
// and spilling.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { EdgeRun, Sender } from './edge-run.js';
import { Invocation } from './invocation.js';
import type { Message } from './message.js';
import { spillMessage, spills } from './spill-message.js';

/** @throws DiagnosticError to an invocation whose output cannot be taken: then it is the attempt that
 * fails. A surface that sends has no attempt; there it is the execution that fails. */
export function offerSpecial(edge: EdgeRun, message: Message, sender: Sender): void {
  try {
    offer(edge, message, sender);
  } catch (error) {
    edge.run.release(message);
    if (sender instanceof Invocation || !(error instanceof DiagnosticError)) throw error;
    edge.run.fail(error.diagnostic);
  }
}

function offer(edge: EdgeRun, message: Message, sender: Sender): void {
  const { plan, run, target } = edge;
  if (plan.backward) {
    // Were its sender held back by messages from outside the loop, neither could ever move.
    target.admit(message);
    return;
  }
  if (plan.held !== undefined && sender !== AWAITED) {
    run.awaited.hold(plan.held, plan, message.value, message.scope);
    return;
  }
  if (spills(edge, message)) {
    const spilled = spillMessage(edge, message, sender);
    if (plan.timeoutMs > 0) limitStay(edge, spilled);
    target.push(spilled);
    return;
  }
  if (plan.timeoutMs > 0) limitStay(edge, message);
  if (!edge.isFull) edge.enter(message);
  else overflow(edge, message, sender);
}

/** Marks what comes out of an await: it is not held a second time, and an event has no sender that
 * could be held back. */
export const AWAITED: Sender = { held: () => undefined, released: () => undefined };

function overflow(edge: EdgeRun, message: Message, sender: Sender): void {
  const { plan, run, target } = edge;
  const { from, to } = plan.ir;
  switch (plan.onDrop) {
    case 'block':
      edge.hold(message, sender);
      return;
    case 'drop_newest':
      run.drop(to, 'full', message.value);
      run.discard(message);
      return;
    case 'drop_oldest': {
      const oldest = target.dropOldest(plan.index);
      if (oldest === undefined) {
        edge.hold(message, sender);
        return;
      }
      run.drop(to, 'full', oldest.value);
      edge.leave();
      if (oldest.extra?.timer !== undefined) run.timers.cancel(oldest.extra.timer);
      run.discard(oldest);
      edge.enter(message);
      return;
    }
    case 'fail':
      throw new DiagnosticError([diagnostic.RUN123({ from, to, capacity: plan.capacity })]);
  }
}

/** Takes the message off when it has been on the edge for too long, waiting for a place included. */
function limitStay(edge: EdgeRun, message: Message): void {
  const { plan, run } = edge;
  message.extra = message.extra ?? {};
  message.extra.timer = run.timers.set(plan.timeoutMs, () => {
    if (message.dead) return;
    message.dead = true;
    if (message.onEdge) edge.leave();
    if (plan.delivery === 'at_most_once') {
      run.drop(plan.ir.to, 'expired', message.value);
      run.discard(message);
      return;
    }
    const what = `A message on the edge ${plan.label}`;
    const late = diagnostic.TIME015({ what, timeout_ms: plan.timeoutMs });
    run.failures.handleUndelivered(edge.target, message, late, 'edge_timeout');
  });
}
