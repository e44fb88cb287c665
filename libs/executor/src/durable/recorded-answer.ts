// Handlers that repeat what a journal holds of an invocation, in place of the node's own.
import type { Value } from '@basalt/ir';
import type { NodeContext, NodeHandler } from '../node-handler.js';
import type { Failure } from '../run/failure.js';
import type { FlowRun } from '../run/flow-run.js';
import type { FailureRecord, PastInvocation } from './run-history.js';
import { restoreFinding } from './recorded-finding.js';

/** Thrown by an answer, to fail the attempt exactly as it failed before. */
export class RecordedFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.reason);
  }
}

/** Repeats what was sent, and then the result or the failure. With virtual time each of them comes when
 * it came before, so that everything else sees the same clock. */
export function answerFrom(run: FlowRun, past: PastInvocation): NodeHandler {
  const { emitted, result, failure } = past;
  const end = (): Value | undefined => {
    if (result !== undefined) return result.output;
    throw new RecordedFailure(failureOf(failure!));
  };
  const endedAt = (result ?? failure!).at;
  if (emitted.length === 0 && !isLater(run, endedAt)) return end;
  return async (_input: unknown, context: NodeContext) => {
    for (const { value, at } of emitted) {
      await until(run, at, context.signal);
      await context.emit(value);
    }
    await until(run, endedAt, context.signal);
    return end();
  };
}

function failureOf({ errorKind, finding, reason }: FailureRecord): Failure {
  return { kind: errorKind, diagnostic: restoreFinding(finding), reason, retriable: false };
}

/** Real time is not waited for. */
function isLater(run: FlowRun, at: number): boolean {
  return run.sources.virtual !== undefined && at > run.now();
}

async function until(run: FlowRun, at: number, signal: AbortSignal): Promise<void> {
  if (isLater(run, at)) await run.clock.sleep(at - run.now(), signal);
}
