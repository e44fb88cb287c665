// Writes a lock file: only what the flow needs, in an order that depends on nothing but the content,
// so that equal bindings give equal bytes.
import { isDeepStrictEqual } from 'node:util';
import { LOCK_VERSION, type BindingsLock, type LockInstance } from './bindings-lock.js';
import { chooseBindings } from './choose-bindings.js';
import { contentHash } from './content-hash.js';
import { parseBind, type Binding } from './parse-bind.js';
import { providerKind } from './provider-kinds.js';

export interface GenerateLockOptions {
  readonly flowId: string;
  /** Every hint of the flow. */
  readonly requiredHints: readonly string[];
  /** Bindings, or their texts as on the command line. */
  readonly binds: readonly (Binding | string)[];
  /** Noted in the file; 1970-01-01T00:00:00Z by default, so that the bytes can be reproduced. */
  readonly generatedAt?: string;
}

/** A lock and its text, which ends with a line feed. */
export interface GeneratedLock {
  readonly lock: BindingsLock;
  readonly text: string;
}

const EPOCH = '1970-01-01T00:00:00Z';

function instanceOf(binding: Binding): LockInstance {
  return {
    provider_kind: binding.kind,
    provides: [providerKind(binding.kind).provides],
    connect: { ...binding.connect },
    config: { ...binding.config },
    isolation: [],
  };
}

/** The name of an equal instance, or a new one: the kind, then a number from the second on. */
function nameOf(instances: Map<string, LockInstance>, instance: LockInstance): string {
  for (const [name, known] of instances) if (isDeepStrictEqual(known, instance)) return name;
  const base = instance.provider_kind.replace('.', '_');
  let name = base;
  for (let number = 2; instances.has(name); number += 1) name = `${base}_${number}`;
  instances.set(name, instance);
  return name;
}

/** Locks the bindings of a flow. Throws what `parseBind` and `chooseBindings` throw. */
export function generateLock(options: GenerateLockOptions): GeneratedLock {
  const bindings = options.binds.map((bind) => (typeof bind === 'string' ? parseBind(bind) : bind));
  const chosen = chooseBindings(options.flowId, options.requiredHints, bindings);
  const instances = new Map<string, LockInstance>();
  const use: Record<string, string> = {};
  for (const [hint, binding] of chosen) use[hint] = nameOf(instances, instanceOf(binding));
  const sorted = [...instances].sort(([a], [b]) => (a < b ? -1 : 1));
  const content = {
    version: LOCK_VERSION,
    generated_at: options.generatedAt ?? EPOCH,
    content_hash: '',
    instances: Object.fromEntries(sorted),
    flows: { [options.flowId]: { use } },
  } satisfies BindingsLock;
  const lock: BindingsLock = { ...content, content_hash: contentHash(content) };
  return { lock, text: `${JSON.stringify(lock, null, 2)}\n` };
}
