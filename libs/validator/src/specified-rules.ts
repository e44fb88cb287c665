// Every rule, in the order in which findings are clearest: what a document refers to before what its
// graph looks like, structure before meaning. The order is part of the output; add at the right place.
import type { Rule } from './rule.js';

// The 0.1 contract, section 1: names, references and edges of the flow document.
import { strictVersion } from './rules/strict-version.js';
import { namedNodes } from './rules/named-nodes.js';
import { uniqueAliases } from './rules/unique-aliases.js';
import { kindAttributes } from './rules/kind-attributes.js';
import { knownEdgeEnds } from './rules/known-edge-ends.js';
import { uniqueEdges } from './rules/unique-edges.js';
import { edgeBounds } from './rules/edge-bounds.js';
import { resolvedReferences } from './rules/resolved-references.js';

// The 0.1 contract, section 1, Surface configs.
import { uniqueSurfaceIds } from './rules/unique-surface-ids.js';
import { surfaceShape } from './rules/surface-shape.js';
import { surfaceAliases } from './rules/surface-aliases.js';
import { surfaceEdges } from './rules/surface-edges.js';
import { oneRouterASource } from './rules/one-router-a-source.js';
import { loopBounds } from './rules/loop-bounds.js';

// The 0.1 contract, section 2, DAG101 to DAG104, DAG204, DAG209 and DAG210: triggers and answers.
import { triggerCount } from './rules/trigger-count.js';
import { triggerInbound } from './rules/trigger-inbound.js';
import { triggerOutput } from './rules/trigger-output.js';
import { triggerStart } from './rules/trigger-start.js';
import { uniqueRoutes } from './rules/unique-routes.js';
import { respondMode } from './rules/respond-mode.js';
import { responder } from './rules/responder.js';

// The 0.1 contract, section 2, DAG200, DAG208 and DAG214: the shape of the graph.
import { acyclic } from './rules/acyclic.js';
import { reachableNodes } from './rules/reachable-nodes.js';
import { starvation } from './rules/starvation.js';

// The 0.1 contract, section 2: limits, parameters, waiting and undoing.
import { concurrencyOrder } from './rules/concurrency-order.js';
import { batching } from './rules/batching.js';
import { rateLimits } from './rules/rate-limits.js';
import { usefulLimits } from './rules/useful-limits.js';
import { describedParams } from './rules/described-params.js';
import { unshadowedParams } from './rules/unshadowed-params.js';
import { validParams } from './rules/valid-params.js';
import { awaitScope } from './rules/await-scope.js';
import { awaitStorable } from './rules/await-storable.js';
import { compensatedSaga } from './rules/compensated-saga.js';

// The 0.1 contract, section 1 (profiles) and section 2 (WFLOW010, CTRL001): hosts and advice.
import { profileSupport } from './rules/profile-support.js';
import { inlineDeterminism } from './rules/inline-determinism.js';
import { controlHints } from './rules/control-hints.js';

// The 0.1 contract, section 1 (SchemaRef) and section 2, DAG201: schemas.
import { validSchemas } from './rules/valid-schemas.js';
import { edgeSchemas } from './rules/edge-schemas.js';
import { fittingPointers } from './rules/fitting-pointers.js';
import { transportCaps } from './rules/transport-caps.js';

// The 0.1 contract, section 1, Hints and Lattices: effects and determinism.
import { knownHints } from './rules/known-hints.js';
import { effectsReachHints } from './rules/effects-reach-hints.js';
import { determinismReachesHints } from './rules/determinism-reaches-hints.js';

// The 0.1 contract, section 2: keys, delivery, spilling, caching and retries.
import { effectFreeCache } from './rules/effect-free-cache.js';
import { effectfulHasKey } from './rules/effectful-has-key.js';
import { partitionedKeys } from './rules/partitioned-keys.js';
import { stableKeyFields } from './rules/stable-key-fields.js';
import { exactlyOnceDedupe } from './rules/exactly-once-dedupe.js';
import { exactlyOnceKey } from './rules/exactly-once-key.js';
import { exactlyOnceTtl } from './rules/exactly-once-ttl.js';
import { exactlyOnceContract } from './rules/exactly-once-contract.js';
import { boundedSpill } from './rules/bounded-spill.js';
import { spillHasStore } from './rules/spill-has-store.js';
import { cachedStrictReads } from './rules/cached-strict-reads.js';
import { pinnedCache } from './rules/pinned-cache.js';
import { oneRetryOwner } from './rules/one-retry-owner.js';
import { honouredRetryOwner } from './rules/honoured-retry-owner.js';

// The 0.1 contract, section 2: what data may leave, and what has to be bound.
import { dataClasses } from './rules/data-classes.js';
import { declaredEgress } from './rules/declared-egress.js';
import { boundCapabilities } from './rules/bound-capabilities.js';
import { boundCredentials } from './rules/bound-credentials.js';
import { providerCredentials } from './rules/provider-credentials.js';

// Policies.
import { policyCapabilities } from './rules/policy-capabilities.js';
import { policyEgress } from './rules/policy-egress.js';
import { policyRanks } from './rules/policy-ranks.js';
import { policyRules } from './rules/policy-rules.js';

/** The frozen, ordered list of all rules. */
export const specifiedRules: readonly Rule[] = Object.freeze([
  strictVersion,
  namedNodes,
  uniqueAliases,
  kindAttributes,
  knownEdgeEnds,
  uniqueEdges,
  edgeBounds,
  resolvedReferences,

  uniqueSurfaceIds,
  surfaceShape,
  surfaceAliases,
  surfaceEdges,
  oneRouterASource,
  loopBounds,

  triggerCount,
  triggerInbound,
  triggerOutput,
  triggerStart,
  uniqueRoutes,
  respondMode,
  responder,

  acyclic,
  reachableNodes,
  starvation,

  concurrencyOrder,
  batching,
  rateLimits,
  usefulLimits,
  describedParams,
  unshadowedParams,
  validParams,
  awaitScope,
  awaitStorable,
  compensatedSaga,

  validSchemas,
  edgeSchemas,
  fittingPointers,
  transportCaps,
  knownHints,
  effectsReachHints,
  determinismReachesHints,
  effectfulHasKey,
  partitionedKeys,
  stableKeyFields,
  exactlyOnceDedupe,
  exactlyOnceKey,
  exactlyOnceTtl,
  exactlyOnceContract,
  boundedSpill,
  spillHasStore,
  cachedStrictReads,
  pinnedCache,
  effectFreeCache,
  oneRetryOwner,
  honouredRetryOwner,
  dataClasses,
  declaredEgress,
  boundCapabilities,
  boundCredentials,
  providerCredentials,
  policyCapabilities,
  policyEgress,
  policyRanks,
  policyRules,
  profileSupport,
  inlineDeterminism,
  controlHints,
]);
