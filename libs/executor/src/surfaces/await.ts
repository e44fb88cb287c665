// await: holds what its source puts out until an event for it arrives.
import { compileSelector, type AwaitConfig } from '@basalt/ir';
import { refuseSurface, type PlanDraft, type SurfacePlace } from '../plan/plan-draft.js';
import { schemaCheck } from '../plan/schema-check.js';

/** Attaches an await to the edge from its source to its target. */
export function compileAwait(
  draft: PlanDraft,
  place: SurfacePlace,
  config: AwaitConfig,
  targets: readonly string[],
): void {
  const source = config.source ?? targets[0];
  const target = config.target ?? targets[1];
  if (source === undefined || target === undefined) {
    refuseSurface(place, 'it needs a source and a target');
  }
  const edge = draft.edgeFor(place, source, target);
  edge.held = {
    surface: place.id,
    checkpointId: config.checkpoint_id,
    correlation: compileSelector(config.correlation_key),
    timeoutMs: config.timeout_ms ?? 0,
    onTimeout:
      config.on_timeout === undefined ? undefined : draft.gate(place, source, config.on_timeout),
    checkEvent: config.event_schema === undefined ? undefined : schemaCheck(config.event_schema),
  };
}
