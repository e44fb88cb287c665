// if and switch: one of several edges is taken, by a part of the value.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import { compilePointer, type IfConfig, type SwitchConfig, type Value } from '@basalt/ir';
import type { EdgePlan, Router } from '../plan/exec-plan.js';
import type { PlanDraft, SurfacePlace } from '../plan/plan-draft.js';

/** Attaches an if to its source. */
export function compileIf(draft: PlanDraft, place: SurfacePlace, config: IfConfig): void {
  const source = draft.nodeFor(place, config.source);
  const then = draft.gate(place, config.source, config.then);
  const otherwise = draft.gate(place, config.source, config.else);
  const select = compilePointer(config.selector_pointer);
  source.routers.push(
    routerOf(place, config.source, (value) => {
      const flag = select(value);
      if (flag === true) return then;
      if (flag === false) return otherwise;
      return `${config.selector_pointer || 'the value'} is ${describe(flag)}, not true or false`;
    }),
  );
}

/** Attaches a switch to its source. */
export function compileSwitch(draft: PlanDraft, place: SurfacePlace, config: SwitchConfig): void {
  const source = draft.nodeFor(place, config.source);
  const cases = new Map<string, EdgePlan>();
  for (const [name, alias] of Object.entries(config.cases)) {
    cases.set(name, draft.gate(place, config.source, alias));
  }
  const fallback =
    config.default === undefined ? undefined : draft.gate(place, config.source, config.default);
  const select = compilePointer(config.selector_pointer);
  source.routers.push(
    routerOf(place, config.source, (value) => {
      const name = select(value);
      const chosen = typeof name === 'string' ? cases.get(name) : undefined;
      if (chosen !== undefined) return chosen;
      if (fallback !== undefined) return fallback;
      return `no case matches ${config.selector_pointer || 'the value'}, which is ${describe(name)}`;
    }),
  );
}

/** Sends the value along the edge that `choose` gives; a text says why none could be chosen. */
function routerOf(
  place: SurfacePlace,
  node: string,
  choose: (value: Value) => EdgePlan | string,
): Router {
  return {
    surface: place.id,
    kind: place.kind,
    route(run, from, value, scope) {
      const edge = choose(value);
      if (typeof edge === 'string') throw unroutable(place, node, edge);
      run.send(edge, value, scope, from);
    },
  };
}

/** RUN120 for a value that a surface cannot send anywhere. */
export function unroutable(place: SurfacePlace, node: string, problem: string): DiagnosticError {
  return new DiagnosticError([
    diagnostic.RUN120({ kind: place.kind, surface: place.id, node, problem }),
  ]);
}

/** A value in a few words, for messages. */
export function describe(value: Value | undefined): string {
  if (value === undefined) return 'absent';
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  }
  if (value instanceof Uint8Array) return 'bytes';
  return Array.isArray(value) ? 'a list' : 'a map';
}
