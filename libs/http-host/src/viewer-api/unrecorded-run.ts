// The execution under way that is not recorded, for it comes as one of too many that are alike. Most end
// in the call that starts them, as all others did, and are counted. One that turns out otherwise (it
// fails, is slow, or goes on while something else begins) is recorded from then on, with what the
// executor knows of its beginning: nobody loses a failure to the thinning.
import type { Diagnostic } from '@basalt/diagnostics';
import type {
  DropReason,
  EdgePlan,
  NodeOutcome,
  NodePlan,
  ObservedInvocation,
  ObservedRun,
  RunObserver,
  RunStatus,
} from '@basalt/executor';
import type { Value } from '@basalt/ir';
import type { AnnouncedRun } from './run-facts.js';

/** What is known of it when it has to be recorded. */
export interface Unrecorded {
  readonly facts: AnnouncedRun;
  readonly observed: ObservedRun;
  readonly payload: Value | undefined;
  /** The node whose output answers, and its outputs so far. */
  readonly capturedAt: string | undefined;
  readonly captures: number;
  /** It has completed, and took longer than most. */
  readonly isSlow: boolean;
}

/** The store, which records it where that is needed. */
export interface UnrecordedOwner extends Required<
  Pick<
    RunObserver,
    | 'runEnded'
    | 'emitted'
    | 'failed'
    | 'captured'
    | 'dropped'
    | 'spilled'
    | 'retried'
    | 'waiting'
    | 'resumed'
    | 'waitTimedOut'
    | 'compensated'
    | 'cacheHit'
  >
> {
  recall(run: Unrecorded): void;
  /** An attempt has ended whose beginning was not seen. */
  attempted(
    run: ObservedRun,
    invocation: ObservedInvocation,
    outcome: NodeOutcome,
    output: Value | undefined,
  ): void;
  /** Counts a run that has completed; false where it is to be kept. */
  passed(flow: string, ms: number): boolean;
}

export class UnrecordedRun implements RunObserver {
  readonly #owner: UnrecordedOwner;
  #facts: AnnouncedRun | undefined = undefined;
  /** Undefined until it has started. */
  #observed: ObservedRun | undefined = undefined;
  #payload: Value | undefined = undefined;
  #capturedAt: string | undefined = undefined;
  #captures = 0;
  #isSlow = false;

  constructor(owner: UnrecordedOwner) {
    this.#owner = owner;
  }

  /** Makes room for the run that is about to start. */
  expect(facts: AnnouncedRun): void {
    this.recall();
    this.#facts = facts;
  }

  /** What is under way has to be recorded: somebody asks, or something else begins. */
  recall(): void {
    const [facts, observed] = [this.#facts, this.#observed];
    if (facts === undefined) return;
    this.#facts = undefined;
    if (observed === undefined) return;
    const unrecorded = {
      facts,
      observed,
      payload: this.#payload,
      capturedAt: this.#capturedAt,
      captures: this.#captures,
      isSlow: this.#isSlow,
    };
    this.#forget();
    this.#owner.recall(unrecorded);
  }

  runStarted(run: ObservedRun, payload: Value): void {
    this.#observed = run;
    this.#payload = payload;
  }

  runEnded(
    run: ObservedRun,
    status: RunStatus,
    output: Value | undefined,
    cause: Diagnostic | undefined,
  ): void {
    if (run === this.#observed && status === 'completed') {
      this.#isSlow = !this.#owner.passed(run.flow, elapsed(run));
      if (!this.#isSlow) {
        this.#facts = undefined;
        this.#forget();
        return;
      }
    }
    // One that was refused before it began comes here without a start.
    if (this.#observed === undefined && run.id === this.#facts?.id) this.#observed = run;
    this.#tell(run).runEnded(run, status, output, cause);
  }

  nodeEnded(
    run: ObservedRun,
    invocation: ObservedInvocation,
    outcome: NodeOutcome,
    output: Value | undefined,
  ): void {
    if (run === this.#observed && outcome === 'ok') return;
    this.#tell(run).attempted(run, invocation, outcome, output);
  }

  captured(run: ObservedRun, alias: string, value: Value): void {
    if (run === this.#observed) {
      this.#capturedAt = alias;
      this.#captures += 1;
    } else this.#owner.captured(run, alias, value);
  }

  emitted(run: ObservedRun, invocation: ObservedInvocation, value: Value): void {
    this.#tell(run).emitted(run, invocation, value);
  }

  failed(run: ObservedRun, alias: string, kind: string): void {
    this.#tell(run).failed(run, alias, kind);
  }

  dropped(run: ObservedRun, alias: string, reason: DropReason, value: Value): void {
    this.#tell(run).dropped(run, alias, reason, value);
  }

  spilled(run: ObservedRun, edge: EdgePlan): void {
    this.#tell(run).spilled(run, edge);
  }

  retried(run: ObservedRun, invocation: ObservedInvocation, delayMs: number): void {
    this.#tell(run).retried(run, invocation, delayMs);
  }

  waiting(run: ObservedRun, checkpointId: string, key: string, input: Value): void {
    this.#tell(run).waiting(run, checkpointId, key, input);
  }

  resumed(run: ObservedRun, checkpointId: string, key: string, event: Value): void {
    this.#tell(run).resumed(run, checkpointId, key, event);
  }

  waitTimedOut(run: ObservedRun, checkpointId: string, key: string, input: Value): void {
    this.#tell(run).waitTimedOut(run, checkpointId, key, input);
  }

  compensated(run: ObservedRun, node: NodePlan, ok: boolean): void {
    this.#tell(run).compensated(run, node, ok);
  }

  cacheHit(run: ObservedRun, alias: string, output: Value): void {
    this.#tell(run).cacheHit(run, alias, output);
  }

  /** The store, which has a record of the run from now on. */
  #tell(run: ObservedRun): UnrecordedOwner {
    if (run === this.#observed) this.recall();
    return this.#owner;
  }

  #forget(): void {
    this.#observed = undefined;
    this.#payload = undefined;
    this.#capturedAt = undefined;
    this.#captures = 0;
    this.#isSlow = false;
  }
}

/** Up to its last step, which saves a reading of the clock. */
function elapsed({ startedAt, lastTick }: ObservedRun): number {
  return lastTick - startedAt;
}
