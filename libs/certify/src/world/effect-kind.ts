// Which calls of which capability change the world outside, and how.
import type { CapabilityName, HttpRequest } from '@basalt/capabilities';
import type { EffectKind } from './effect-call.js';

type Kinds = Readonly<Record<string, EffectKind>>;

const KINDS: Partial<Record<CapabilityName, Kinds>> = {
  kv: { put: 'state', delete: 'state' },
  blob: { put: 'state', delete: 'state' },
  fs: { write: 'state', remove: 'state' },
  queue: { enqueue: 'event', dequeue: 'event' },
};

/** Methods that change nothing, and those whose repeat changes nothing (RFC 9110, section 9.2). */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(['PUT', 'DELETE']);

/** Undefined for a call that only reads. A cache and a store of keys that were seen are no effects: they
 * are there to be forgotten, or to tell repeats. */
export function effectKind(
  capability: CapabilityName,
  operation: string,
  args: readonly unknown[],
): EffectKind | undefined {
  if (capability === 'httpWrite' || capability === 'httpRead') {
    const method = (args[0] as HttpRequest).method.toUpperCase();
    if (SAFE_METHODS.has(method)) return undefined;
    return IDEMPOTENT_METHODS.has(method) ? 'state' : 'event';
  }
  return KINDS[capability]?.[operation];
}
