// What a body takes from its context, and the hint that each needs.
import { CONTEXT } from './abstract-value.js';

/** A use of the context that needs a hint. */
export interface ContextUse {
  /** As a person writes it: ctx.capabilities.kv.put. */
  readonly what: string;
  /** The hint that is needed. */
  readonly hint: string;
  /** Hints that do as well. */
  readonly others: readonly string[];
}

const WRITES: Readonly<Record<string, readonly string[]>> = {
  kv: ['put', 'delete'],
  blob: ['put', 'delete'],
  cache: ['set', 'remove'],
  fs: ['write', 'remove'],
};

/** The need of a context path such as [CONTEXT, 'clock', 'now']; undefined where it needs nothing. */
export function contextUse(path: readonly string[]): ContextUse | undefined {
  const [root, part, name, method] = path;
  if (root !== CONTEXT) return undefined;
  if (part === 'clock' && name !== 'sleep') return use(['clock', name], 'resource::clock', []);
  if (part === 'random') return use(['random', name], 'resource::rng', []);
  if (part !== 'capabilities' || name === undefined) return undefined;
  const what = ['capabilities', name, method];
  switch (name) {
    case 'httpRead':
      return use(what, 'resource::http::read', []);
    case 'httpWrite':
      return use(what, 'resource::http::write', []);
    case 'dedupe':
      return use(what, 'resource::dedupe::write', ['resource::dedupe']);
    case 'queue':
      return method === 'enqueue'
        ? use(what, 'resource::queue::publish', ['resource::queue'])
        : use(what, 'resource::queue::consume', ['resource::queue::publish', 'resource::queue']);
    case 'kv':
    case 'blob':
    case 'cache':
    case 'fs': {
      const bare = `resource::${name}`;
      return WRITES[name]!.includes(method ?? '')
        ? use(what, `${bare}::write`, [bare])
        : use(what, `${bare}::read`, [`${bare}::write`, bare]);
    }
    case 'clock':
    case 'rng':
    case 'log':
    case 'secrets':
      return use(what, `resource::${name}`, []);
    default:
      return undefined;
  }
}

function use(
  parts: readonly (string | undefined)[],
  hint: string,
  others: readonly string[],
): ContextUse {
  const named = parts.filter((part) => part !== undefined);
  return { what: ['ctx', ...named].join('.'), hint, others };
}

/** True where the declared hints cover the use. A bare domain covers only itself. */
export function isDeclared(use: ContextUse, declared: ReadonlySet<string>): boolean {
  return [use.hint, ...use.others].some((hint) => {
    if (declared.has(hint)) return true;
    const isBare = hint.split('::').length < 3;
    return !isBare && [...declared].some((given) => given.startsWith(`${hint}::`));
  });
}
