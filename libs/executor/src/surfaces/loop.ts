// loop: sends a message through a body again and again, up to a bound. Each pass has a scope of its
// own, so that joins inside the body see one pass at a time.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { scopeKeyBelow } from '../durable/scope-key.js';
import { compilePointer, type LoopConfig } from '@basalt/ir';
import type { Router } from '../plan/exec-plan.js';
import { refuseSurface, type PlanDraft, type SurfacePlace } from '../plan/plan-draft.js';
import { Scope, type ScopeUnit } from '../run/scope.js';
import { describe, unroutable } from './route-by-value.js';

/** One pass through the body of one loop. */
class LoopPass implements ScopeUnit {
  readonly kind = 'pass';

  constructor(
    readonly surface: string,
    /** Passes through the body so far, this one included. */
    readonly passes: number,
  ) {}

  closed(): void {
    // Nothing depends on the end of a pass.
  }
}

/** Attaches a loop to its source. */
export function compileLoop(draft: PlanDraft, place: SurfacePlace, config: LoopConfig): void {
  const source = draft.nodeFor(place, config.source);
  const entry = draft.nodeFor(place, config.body_entry);
  const back = draft.gate(place, config.source, config.body_entry);
  const exit = draft.gate(place, config.source, config.exit);
  if (back === exit) refuseSurface(place, 'its body_entry is its exit');
  if (entry.batch > 0) refuseSurface(place, `its body_entry ${entry.alias} takes batches`);
  // Where messages come into the body from outside, they have made one pass when they reach the
  // source; where the source is the only way into the body, they have made none.
  const first = draft.edges.some((edge) => edge.to === entry.index && edge !== back) ? 1 : 0;
  const select = compilePointer(config.selector_pointer);
  const router: Router = {
    surface: place.id,
    kind: place.kind,
    route(run, from, value, scope) {
      const again = select(value);
      if (typeof again !== 'boolean') {
        const at = config.selector_pointer || 'the value';
        throw unroutable(place, config.source, `${at} is ${describe(again)}, not true or false`);
      }
      const pass = passOf(scope, place.id);
      const outside = pass === undefined ? scope : pass.parent!;
      const passes = pass === undefined ? first : (pass.unit as LoopPass).passes;
      if (again && passes < config.max_iterations) {
        const next = new Scope(outside, source.index, new LoopPass(place.id, passes + 1));
        next.key = scopeKeyBelow(from, scope, `p${place.id}`);
        run.send(back, value, next, from);
        return;
      }
      if (again && config.on_exhausted === 'fail') {
        const { max_iterations } = config;
        throw new DiagnosticError([diagnostic.RUN121({ surface: place.id, max_iterations })]);
      }
      run.send(exit, value, scope === pass ? outside : scope, from);
    },
  };
  source.routers.push(router);
}

/** The scope of the pass of this loop that `scope` lies in. */
function passOf(scope: Scope, surface: string): Scope | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    if (at.unit instanceof LoopPass && at.unit.surface === surface) return at;
  }
  return undefined;
}
