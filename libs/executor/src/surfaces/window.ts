// window: groups the messages that reach its target by event time; the target gets closed windows.
import { DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import { hashValue, type WindowConfig } from '@basalt/ir';
import type { Intake } from '../plan/exec-plan.js';
import type { FlowRun } from '../run/flow-run.js';
import { Message } from '../run/message.js';
import type { NodeRun } from '../run/node-run.js';
import { refuseSurface, type PlanDraft, type SurfacePlace } from '../plan/plan-draft.js';
import { Scope } from '../run/scope.js';
import { WindowAssigner } from '../windows/window-assigner.js';
import type { WindowResult } from '../windows/window-result.js';
import { attachIntake } from './attach-intake.js';

/** Attaches a window to its target: every edge into it goes through the window. */
export function compileWindow(
  draft: PlanDraft,
  place: SurfacePlace,
  config: WindowConfig,
  firstTarget: string | undefined,
): void {
  const target = config.target ?? firstTarget;
  if (target === undefined) refuseSurface(place, 'it has no target');
  const node = draft.nodeFor(place, target);
  // Its faults are the flow's, and are found here and not in every execution.
  new WindowAssigner(config, place.id);
  if (config.late !== undefined) node.late = draft.gate(place, target, config.late);
  const sources = node.inputs.map((edge) => edge.ir.from);
  attachIntake(draft, place, target, sources, (run, at) => {
    return new WindowIntake(new WindowAssigner(config, place.id), run, at);
  });
}

class WindowIntake implements Intake {
  readonly #windows: WindowAssigner;
  readonly #run: FlowRun;
  readonly #node: NodeRun;

  constructor(windows: WindowAssigner, run: FlowRun, node: NodeRun) {
    this.#windows = windows;
    this.#run = run;
    this.#node = node;
  }

  accept(message: Message): void {
    const run = this.#run;
    try {
      const { closed, late } = this.#windows.add(message.value);
      for (const window of closed) this.#admit(window);
      for (const value of late) {
        const edge = this.#node.plan.late;
        if (edge === undefined) run.drop(this.#node.plan.alias, 'late', value);
        else run.send(edge, value, message.scope, this.#node);
      }
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      run.failures.handleUndelivered(this.#node, message, error.diagnostic, 'window_failed');
      return;
    }
    run.release(message);
  }

  /** The stream has ended: every window that is still open closes. */
  drain(): boolean {
    const closed = this.#windows.flush();
    for (const window of closed) this.#admit(window);
    return closed.length > 0;
  }

  starved(): Diagnostic | undefined {
    return undefined;
  }

  // A window gathers messages of many scopes and belongs to none of them.
  #admit(window: WindowResult): void {
    const scope = new Scope(this.#run.root, this.#node.plan.index, undefined);
    scope.live += 1;
    if (this.#run.durable !== undefined) {
      const { key, start_ms, end_ms } = window;
      scope.key = `w${hashValue([this.#run.root.key, this.#node.plan.alias, key, start_ms, end_ms])}`;
    }
    this.#node.admit(new Message(window, scope, undefined));
  }
}
