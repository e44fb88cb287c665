// Puts an intake surface at the entry of its target; a node has at most one.
import type { IntakePlan } from '../plan/exec-plan.js';
import { refuseSurface, type PlanDraft, type SurfacePlace } from '../plan/plan-draft.js';

export function attachIntake(
  draft: PlanDraft,
  place: SurfacePlace,
  target: string,
  sources: readonly string[],
  start: IntakePlan['start'],
): void {
  const node = draft.nodeFor(place, target);
  if (node.intake !== undefined) {
    refuseSurface(place, `${target} is already the target of ${node.intake.surface}`);
  }
  const intake: IntakePlan = { surface: place.id, kind: place.kind, start };
  node.intake = intake;
  for (const source of sources) draft.edgeFor(place, source, target).intake = intake;
}
