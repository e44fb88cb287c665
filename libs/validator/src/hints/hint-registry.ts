// Every resource hint that Basalt knows, with what a node that declares it must admit to and which
// capability it is then given. The table is static: what is checked never depends on which provider
// happens to be loaded.
import type { Determinism, Effects } from '@basalt/ir';

/** What one hint demands and grants. */
export interface HintEntry {
  readonly hint: string;
  /** Lowest effects that a node with this hint may declare. */
  readonly effects: Effects;
  /** Lowest determinism that a node with this hint may declare. */
  readonly determinism: Determinism;
  /** Key of the capability set that it grants; absent where the bare domain does not say which. */
  readonly capability?: string;
}

type Row = readonly [hint: string, Effects, Determinism, capability?: string];

const ROWS: readonly Row[] = [
  ['resource::http', 'pure', 'best_effort'],
  ['resource::http::read', 'read_only', 'best_effort', 'httpRead'],
  ['resource::http::write', 'effectful', 'best_effort', 'httpWrite'],
  ['resource::db', 'pure', 'best_effort', 'db'],
  ['resource::db::read', 'read_only', 'best_effort', 'db'],
  ['resource::db::write', 'effectful', 'best_effort', 'db'],
  ['resource::kv', 'pure', 'best_effort', 'kv'],
  ['resource::kv::read', 'read_only', 'best_effort', 'kv'],
  ['resource::kv::write', 'effectful', 'best_effort', 'kv'],
  ['resource::blob', 'pure', 'best_effort', 'blob'],
  ['resource::blob::read', 'read_only', 'best_effort', 'blob'],
  ['resource::blob::write', 'effectful', 'best_effort', 'blob'],
  ['resource::queue', 'pure', 'best_effort', 'queue'],
  ['resource::queue::consume', 'read_only', 'best_effort', 'queue'],
  ['resource::queue::publish', 'effectful', 'best_effort', 'queue'],
  ['resource::dedupe', 'pure', 'best_effort', 'dedupe'],
  ['resource::dedupe::read', 'read_only', 'best_effort', 'dedupe'],
  ['resource::dedupe::write', 'effectful', 'best_effort', 'dedupe'],
  ['resource::cache', 'pure', 'best_effort', 'cache'],
  ['resource::cache::read', 'read_only', 'best_effort', 'cache'],
  ['resource::cache::write', 'effectful', 'best_effort', 'cache'],
  // The stores behind the cache tiers: the executor uses them for a node, the node itself does not.
  ['resource::cache::disk', 'pure', 'strict', 'cacheDisk'],
  ['resource::cache::redis', 'pure', 'strict', 'cacheRedis'],
  ['resource::fs', 'pure', 'best_effort', 'fs'],
  ['resource::fs::read', 'read_only', 'best_effort', 'fs'],
  ['resource::fs::write', 'effectful', 'best_effort', 'fs'],
  ['resource::git', 'read_only', 'best_effort', 'git'],
  ['resource::git::read', 'read_only', 'best_effort', 'git'],
  ['resource::git::write', 'effectful', 'best_effort', 'git'],
  ['resource::clock', 'pure', 'best_effort', 'clock'],
  ['resource::rng', 'pure', 'best_effort', 'rng'],
  // A secret or a variable is fixed for the life of a process, but not between two of them.
  ['resource::secrets', 'read_only', 'stable', 'secrets'],
  ['resource::env', 'read_only', 'stable', 'env'],
  // A log line changes nothing that a flow can observe.
  ['resource::log', 'pure', 'strict', 'log'],
];

function toEntry([hint, effects, determinism, capability]: Row): HintEntry {
  return Object.freeze({
    hint,
    effects,
    determinism,
    ...(capability === undefined ? {} : { capability }),
  });
}

/** The complete registry, frozen, in table order. */
export const HINT_REGISTRY: readonly HintEntry[] = Object.freeze(ROWS.map(toEntry));

const byHint: ReadonlyMap<string, HintEntry> = new Map(HINT_REGISTRY.map((e) => [e.hint, e]));

/** Longest hint that is looked up; a longer one is unknown, so a hostile document costs nothing. */
const MAX_HINT_LENGTH = 256;

/**
 * The entry with the longest prefix of `hint`, by whole `::` segments; undefined for an unknown hint.
 *
 * The 0.1 contract takes the first entry that is a prefix of the text, whatever the order of
 * registration, so `resource::httpx` met the demands of `resource::http`, and a bare domain that was
 * registered first hid its own operations. Whole segments and the longest match do neither;
 * `resource::blob::write::archive` still finds `resource::blob::write`.
 */
export function lookupHint(hint: string): HintEntry | undefined {
  if (hint.length > MAX_HINT_LENGTH) return undefined;
  let prefix = hint;
  for (;;) {
    const entry = byHint.get(prefix);
    if (entry !== undefined) return entry;
    const cut = prefix.lastIndexOf('::');
    if (cut < 0) return undefined;
    prefix = prefix.slice(0, cut);
  }
}
