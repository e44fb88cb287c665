// partition and rate_limit: the two surfaces that only set a property of an edge or a node.
import { compileSelector, type PartitionConfig, type RateLimitConfig } from '@basalt/ir';
import type { PlanDraft, SurfacePlace } from '../plan/plan-draft.js';

/** Messages of the edge with an equal key keep their order; different keys run side by side. */
export function compilePartition(
  draft: PlanDraft,
  place: SurfacePlace,
  config: PartitionConfig,
): void {
  const edge = draft.edgeFor(place, config.edge.from, config.edge.to);
  edge.partition = compileSelector(config.key);
}

/** Attempts of the target begin at the rate of a token bucket. */
export function compileRateLimit(
  draft: PlanDraft,
  place: SurfacePlace,
  config: RateLimitConfig,
): void {
  const { qps, burst } = config;
  draft.nodeFor(place, config.target).rateLimits.push({ surface: place.id, qps, burst });
}
