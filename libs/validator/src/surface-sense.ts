// What the shape of a configuration cannot say: keys that need each other, keys that exclude each
// other, and pointers that must be pointers.
import { isPointer } from '@basalt/ir';
import { awaitEnds } from './edge-gates.js';
import type { IndexedSurface } from './flow-index.js';
import type { ConfigProblem } from './surface-config-parser.js';

/** Problems of a configuration that has its shape; none where it could not be read. */
export function surfaceSense(indexed: IndexedSurface): readonly ConfigProblem[] {
  if (indexed.config === undefined) return [];
  return [...senseOfKind(indexed), ...pointerProblems(indexed.config)];
}

const problem = (key: string, reason: string): ConfigProblem => ({ pointer: `/${key}`, reason });

function senseOfKind(indexed: IndexedSurface): readonly ConfigProblem[] {
  if (indexed.config === undefined) return [];
  switch (indexed.kind) {
    case 'if': {
      const { source, then, else: otherwise } = indexed.config;
      return missingTargets(indexed, [source, then, otherwise]);
    }
    case 'switch': {
      const { source, cases, default: fallback } = indexed.config;
      const branches = [...Object.values(cases), ...(fallback === undefined ? [] : [fallback])];
      return missingTargets(indexed, [source, ...branches]);
    }
    case 'for_each':
      return senseOfForEach(indexed);
    case 'loop':
      return indexed.config.exit === indexed.config.body_entry
        ? [problem('exit', 'exit is the same node as body_entry')]
        : [];
    case 'window':
      return senseOfWindow(indexed);
    case 'error_handler':
      return senseOfErrorHandler(indexed);
    case 'join':
    case 'merge':
    case 'zip':
      return senseOfSources(indexed.config);
    case 'await':
      return senseOfAwait(indexed);
    case 'partition':
    case 'timeout':
    case 'rate_limit':
      return [];
  }
}

/** The 0.1 contract demands that `targets` of an if and of a switch hold the source and all branches. */
function missingTargets(
  indexed: IndexedSurface,
  wanted: readonly string[],
): readonly ConfigProblem[] {
  const listed = new Set(indexed.surface.targets);
  const missing = [...new Set(wanted)].filter((alias) => !listed.has(alias));
  return missing.map((alias) => problem('targets', `targets lacks ${alias}`));
}

function senseOfForEach({ config }: IndexedSurface<'for_each'>): readonly ConfigProblem[] {
  const found: ConfigProblem[] = [];
  if (config?.collect !== undefined && config.body_exit === undefined) {
    found.push(problem('collect', 'collect needs body_exit'));
  }
  if (config?.collect !== undefined && config.collect === config.body_entry) {
    found.push(problem('collect', 'collect is the same node as body_entry'));
  }
  if (config?.body_entry === config?.source) {
    found.push(problem('body_entry', 'body_entry is the same node as source'));
  }
  return found;
}

function senseOfWindow({ config, surface }: IndexedSurface<'window'>): readonly ConfigProblem[] {
  if (config === undefined) return [];
  const { type, size_ms, slide_ms, gap_ms } = config;
  const found: ConfigProblem[] = [];
  const add = (key: string, reason: string): void => void found.push(problem(key, reason));
  if (config.target === undefined && surface.targets.length === 0) {
    add('target', 'neither target nor the first of targets names the node that receives windows');
  }
  if (type === 'sliding' && slide_ms === undefined)
    add('slide_ms', 'a sliding window needs slide_ms');
  if (type !== 'sliding' && slide_ms !== undefined) {
    add('slide_ms', `slide_ms has no meaning for a ${type} window`);
  }
  if (type === 'sliding' && slide_ms !== undefined && slide_ms > size_ms) {
    add('slide_ms', `slide_ms ${slide_ms} is above size_ms ${size_ms}, so items would be lost`);
  }
  if (type === 'session' && gap_ms === undefined) add('gap_ms', 'a session window needs gap_ms');
  if (type !== 'session' && gap_ms !== undefined) {
    add('gap_ms', `gap_ms has no meaning for a ${type} window`);
  }
  if (type === 'session' && gap_ms !== undefined && gap_ms > size_ms) {
    add('gap_ms', `gap_ms ${gap_ms} is above size_ms ${size_ms}, the longest session`);
  }
  return found;
}

function senseOfErrorHandler(indexed: IndexedSurface<'error_handler'>): readonly ConfigProblem[] {
  const { config } = indexed;
  if (config === undefined || config.strategy === 'retry') return [];
  return (['max_retries', 'backoff_ms'] as const)
    .filter((key) => config[key] !== undefined)
    .map((key) => problem(key, `${key} belongs to the strategy retry`));
}

function senseOfSources(config: {
  readonly target: string;
  readonly sources: readonly string[];
}): readonly ConfigProblem[] {
  const found: ConfigProblem[] = [];
  const seen = new Set<string>();
  for (const source of config.sources) {
    if (seen.has(source)) found.push(problem('sources', `sources names ${source} twice`));
    seen.add(source);
  }
  if (seen.has(config.target)) found.push(problem('sources', 'sources names the target itself'));
  return found;
}

function senseOfAwait(indexed: IndexedSurface<'await'>): readonly ConfigProblem[] {
  const { source, target } = awaitEnds(indexed);
  const { config } = indexed;
  const found: ConfigProblem[] = [];
  if (source === undefined) found.push(problem('source', 'neither source nor targets[0] is given'));
  if (target === undefined) found.push(problem('target', 'neither target nor targets[1] is given'));
  if (source !== undefined && source === target) {
    found.push(problem('target', 'target is the same node as source'));
  }
  if (config?.on_timeout !== undefined && config.timeout_ms === undefined) {
    found.push(problem('on_timeout', 'on_timeout needs timeout_ms'));
  }
  return found;
}

const POINTER_KEYS = [
  'selector_pointer',
  'items_pointer',
  'event_time_pointer',
  'key_pointer',
] as const;
/** Keys that hold a pointer or a field name. */
const SELECTOR_KEYS = ['key', 'correlation_key'] as const;

function pointerProblems(config: Readonly<Record<string, unknown>>): readonly ConfigProblem[] {
  const found: ConfigProblem[] = [];
  for (const key of [...POINTER_KEYS, ...SELECTOR_KEYS]) {
    const text = config[key];
    if (typeof text !== 'string' || !text.startsWith('/') || isPointer(text)) continue;
    found.push(problem(key, `"~" in ${key} is not followed by 0 or 1`));
  }
  return found;
}
