// error_handler: what happens when one of its nodes fails.
import type { ErrorHandlerConfig, RetryPolicy } from '@basalt/ir';
import { refuseSurface, type PlanDraft, type SurfacePlace } from '../plan/plan-draft.js';

/** Wait before the first retry when the surface does not say, in milliseconds. */
const DEFAULT_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 30_000;
const DEFAULT_RETRIES = 3;

/** Attaches an error handler to each node in its scope. */
export function compileErrorHandler(
  draft: PlanDraft,
  place: SurfacePlace,
  config: ErrorHandlerConfig,
): void {
  const { strategy, handler } = config;
  if (strategy === 'fail' && handler !== undefined) {
    refuseSurface(place, 'the strategy fail hands nothing to a handler');
  }
  for (const alias of config.scope.nodes) {
    const node = draft.nodeFor(place, alias);
    const edge = handler === undefined ? undefined : draft.gate(place, alias, handler);
    node.onError = { strategy: strategy === 'continue' ? 'continue' : 'fail', handler: edge };
    if (strategy === 'retry') node.retry = retryOf(config);
  }
}

function retryOf({ max_retries, backoff_ms }: ErrorHandlerConfig): RetryPolicy {
  return {
    max_attempts: (max_retries ?? DEFAULT_RETRIES) + 1,
    backoff_ms: backoff_ms ?? DEFAULT_BACKOFF_MS,
    multiplier: 2,
    max_backoff_ms: MAX_BACKOFF_MS,
    jitter: 'none',
    owner: 'orchestrator',
  };
}
