// Guesses the hints of a resource from its alias and type, by the inference table of the 0.1 contract.

/** Hints for the two lists of a node. */
export interface InferredHints {
  readonly effectHints: readonly string[];
  readonly determinismHints: readonly string[];
}

const NONE: InferredHints = { effectHints: [], determinismHints: [] };

const WRITE = ['write', 'post', 'put', 'patch', 'delete', 'send'];
const READ = ['read', 'get', 'fetch'];

function both(domain: string, op: string): InferredHints {
  return {
    effectHints: [`resource::${domain}::${op}`],
    determinismHints: [`resource::${domain}`],
  };
}

/**
 * The hints of a resource written as `alias(Type)`: the first line of the table whose word occurs in
 * the alias or the type, in any letter case. A store with no read word is taken to be written to, for
 * the stronger demand is the safe guess; a queue publishes unless it says consume.
 */
export function inferHints(resourceAlias: string, type: string): InferredHints {
  const text = `${resourceAlias} ${type}`.toLowerCase();
  const has = (...words: readonly string[]) => words.some((word) => text.includes(word));
  const access = () => (has(...WRITE) ? 'write' : has(...READ) ? 'read' : 'write');
  if (has('clock')) return { effectHints: [], determinismHints: ['resource::clock'] };
  if (has('rng', 'random')) return { effectHints: [], determinismHints: ['resource::rng'] };
  if (has('http')) {
    if (has(...WRITE)) return both('http', 'write');
    if (has(...READ)) return both('http', 'read');
    return { effectHints: [], determinismHints: ['resource::http'] };
  }
  if (has('db', 'sql', 'postgres', 'pg')) return both('db', access());
  if (has('kv', 'cache')) return both('kv', access());
  if (has('queue')) return both('queue', has('consume') ? 'consume' : 'publish');
  if (has('dedupe', 'idem')) return both('dedupe', 'write');
  if (has('blob', 'object', 'storage')) return both('blob', access());
  return NONE;
}
