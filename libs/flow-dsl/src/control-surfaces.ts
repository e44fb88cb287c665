// Lowers each control surface to its edges and its configuration. The types that keep authors from
// wrong edges are in flow-builder.ts; here all nodes are just nodes.
import { diagnostic } from '@basalt/diagnostics';
import type { TSchema } from 'typebox';
import { schemaDocument } from './schema-document.js';
import type { FlowDraft } from './flow-draft.js';
import { present } from './present.js';
import type {
  AwaitOptions,
  ErrorHandlerOptions,
  ForEachOptions,
  JoinOptions,
  LoopOptions,
  MergeOptions,
  NodeHandle,
  RateLimitOptions,
  TimeoutOptions,
  WindowOptions,
  ZipOptions,
} from './surface-options.js';

type Handle = NodeHandle;

/** One branch when the selector is true, the other when it is false. */
export function addIf(
  draft: FlowDraft,
  from: Handle,
  pointer: string,
  branches: { readonly then: Handle; readonly else: Handle },
): void {
  const yes = draft.route(from, branches.then, 'branch "then"');
  const no = draft.route(from, branches.else, 'branch "else"');
  if (yes === undefined || no === undefined) return;
  const source = yes[0];
  const config = { source, selector_pointer: pointer, then: yes[1], else: no[1] };
  draft.addSurface('if', source, [source, yes[1], no[1]], config);
}

/** The branch that the selected text names. */
export function addSwitch(
  draft: FlowDraft,
  from: Handle,
  pointer: string,
  cases: Readonly<Record<string, Handle | undefined>>,
  fallback: Handle | undefined,
): void {
  const source = draft.aliasOf(from, 'source');
  const taken = new Map<string, string>();
  for (const [word, node] of Object.entries(cases)) {
    if (node === undefined) continue;
    const target = routeOnce(draft, from, node, `case ${JSON.stringify(word)}`, taken.values());
    if (target !== undefined) taken.set(word, target);
  }
  const other =
    fallback === undefined
      ? undefined
      : routeOnce(draft, from, fallback, 'default', taken.values());
  if (source === undefined) return;
  if (taken.size === 0) {
    const problem = 'it has no cases';
    draft.report(diagnostic.AUTH009({ owner: `Switch of ${source}`, problem }, draft.location));
  }
  draft.addSurface('switch', source, [source, ...taken.values(), ...(other ? [other] : [])], {
    source,
    selector_pointer: pointer,
    cases: Object.fromEntries(taken),
    ...present({ default: other }),
  });
}

/** Several cases may lead to one node: they share its edge. */
function routeOnce(
  draft: FlowDraft,
  from: Handle,
  to: Handle,
  role: string,
  taken: Iterable<string>,
): string | undefined {
  const alias = draft.aliasOf(to, role);
  if (alias === undefined || [...taken].includes(alias)) return alias;
  return draft.route(from, to, role)?.[1];
}

/** Each item of a list through a body. */
export function addForEach(
  draft: FlowDraft,
  from: Handle,
  pointer: string,
  options: ForEachOptions<Handle, Handle, Handle>,
): void {
  const entry = draft.route(from, options.body, 'body');
  if (entry === undefined) return;
  const source = entry[0];
  const exit = options.exit === undefined ? undefined : draft.aliasOf(options.exit, 'exit');
  const gathered =
    options.collect === undefined
      ? undefined
      : draft.route(options.exit, options.collect, 'collect');
  const collect = gathered?.[1];
  const targets = [source, entry[1], exit, collect].filter((alias) => alias !== undefined);
  draft.addSurface('for_each', source, targets, {
    source,
    items_pointer: pointer,
    body_entry: entry[1],
    ...present({ body_exit: exit, collect }),
    concurrency: options.concurrency ?? 1,
    on_error: options.onError ?? 'fail',
  });
}

/** Back to the body while the selector is true. */
export function addLoop(
  draft: FlowDraft,
  from: Handle,
  pointer: string,
  options: LoopOptions<Handle, Handle>,
): void {
  const back = draft.route(from, options.body, 'body');
  const out = draft.route(from, options.exit, 'exit');
  if (back === undefined || out === undefined) return;
  const source = back[0];
  draft.addSurface('loop', source, [source, back[1], out[1]], {
    source,
    selector_pointer: pointer,
    body_entry: back[1],
    exit: out[1],
    max_iterations: options.maxIterations,
    on_exhausted: options.onExhausted ?? 'fail',
  });
}

/** Groups by event time. */
export function addWindow(
  draft: FlowDraft,
  from: Handle,
  to: Handle,
  pointer: string,
  options: WindowOptions<string, Handle>,
): void {
  const edge = draft.route(from, to, 'target');
  const late =
    options.late === undefined ? undefined : draft.route(to, options.late, 'late output')?.[1];
  if (edge === undefined) return;
  const target = edge[1];
  draft.addSurface('window', target, [target, ...(late ? [late] : [])], {
    event_time_pointer: pointer,
    size_ms: options.sizeMs,
    allowed_lateness_ms: options.allowedLatenessMs ?? 0,
    watermark: options.watermark ?? 'max_event_time',
    target,
    type: options.type ?? 'tumbling',
    ...present({
      slide_ms: options.slideMs,
      gap_ms: options.gapMs,
      key_pointer: options.key,
      late,
    }),
  });
}

function gather(
  draft: FlowDraft,
  sources: readonly Handle[],
  to: Handle,
): { readonly target: string; readonly sources: readonly string[] } | undefined {
  const edges = sources.map((source) => draft.route(source, to, 'source'));
  const target = draft.aliasOf(to, 'target');
  if (target === undefined || edges.some((edge) => edge === undefined)) return undefined;
  return { target, sources: edges.map((edge) => edge![0]) };
}

/** Waits for every source. */
export function addJoin(
  draft: FlowDraft,
  sources: readonly Handle[],
  to: Handle,
  options: JoinOptions,
): void {
  const gathered = gather(draft, sources, to);
  if (gathered === undefined) return;
  draft.addSurface('join', gathered.target, [...gathered.sources, gathered.target], {
    ...gathered,
    mode: options.mode ?? 'all',
    ...present({ timeout_ms: options.timeoutMs }),
  });
}

/** Passes on what comes from any source. */
export function addMerge(
  draft: FlowDraft,
  sources: readonly Handle[],
  to: Handle,
  options: MergeOptions,
): void {
  const gathered = gather(draft, sources, to);
  if (gathered === undefined) return;
  draft.addSurface('merge', gathered.target, [...gathered.sources, gathered.target], {
    ...gathered,
    order: options.order ?? 'arrival',
  });
}

/** Pairs the n-th messages. */
export function addZip(
  draft: FlowDraft,
  sources: readonly Handle[],
  to: Handle,
  options: ZipOptions,
): void {
  const gathered = gather(draft, sources, to);
  if (gathered === undefined) return;
  draft.addSurface('zip', gathered.target, [...gathered.sources, gathered.target], {
    ...gathered,
    on_uneven: options.onUneven ?? 'fail',
  });
}

/** Holds messages until their event arrives. */
export function addAwait(
  draft: FlowDraft,
  from: Handle,
  to: Handle,
  options: AwaitOptions<TSchema, Handle, string>,
): void {
  const edge = draft.route(from, to, 'target');
  const onTimeout =
    options.onTimeout === undefined
      ? undefined
      : draft.route(from, options.onTimeout, 'timeout branch')?.[1];
  if (edge === undefined) return;
  const [source, target] = edge;
  draft.addCheckpoint(options.checkpoint, options.summary);
  const place = {
    part: 'event schema',
    owner: `the await after ${source}`,
    location: () => draft.location,
    report: (problem: Parameters<FlowDraft['report']>[0]) => draft.report(problem),
  };
  draft.addSurface('await', source, [source, target, ...(onTimeout ? [onTimeout] : [])], {
    checkpoint_id: options.checkpoint,
    correlation_key: options.correlationKey,
    source,
    target,
    ...present({
      timeout_ms: options.timeoutMs,
      on_timeout: onTimeout,
      event_schema: options.event && schemaDocument(options.event, place),
    }),
  });
}

/** A token bucket before a node. */
export function addRateLimit(draft: FlowDraft, node: Handle, options: RateLimitOptions): void {
  const target = draft.aliasOf(node, 'target');
  if (target === undefined) return;
  const { qps, burst } = options;
  draft.addSurface('rate_limit', target, [target], { target, qps, burst });
}

function scoped(
  draft: FlowDraft,
  nodes: readonly Handle[],
  handler: Handle | undefined,
): { readonly nodes: readonly string[]; readonly handler: string | undefined } | undefined {
  const aliases = nodes.map((node) => draft.aliasOf(node, 'node'));
  if (aliases.some((alias) => alias === undefined)) return undefined;
  if (nodes.length === 0) {
    const problem = 'no nodes are given';
    draft.report(diagnostic.AUTH009({ owner: 'The scope', problem }, draft.location));
    return undefined;
  }
  const taken = nodes.map((node) =>
    handler === undefined ? undefined : draft.route(node, handler, 'handler')?.[1],
  );
  return { nodes: aliases as string[], handler: taken[0] };
}

/** A limit for each attempt of some nodes. */
export function addTimeout(
  draft: FlowDraft,
  given: readonly Handle[],
  options: TimeoutOptions<Handle>,
): void {
  const scope = scoped(draft, given, options.handler);
  if (scope === undefined) return;
  const { nodes, handler } = scope;
  draft.addSurface('timeout', nodes[0]!, [...nodes, ...(handler ? [handler] : [])], {
    nodes,
    timeout_ms: options.timeoutMs,
    ...present({ handler }),
  });
}

/** What happens when one of some nodes fails. */
export function addErrorHandler(
  draft: FlowDraft,
  given: readonly Handle[],
  options: ErrorHandlerOptions<Handle>,
): void {
  const scope = scoped(draft, given, options.handler);
  if (scope === undefined) return;
  const { nodes, handler } = scope;
  draft.addSurface('error_handler', nodes[0]!, [...nodes, ...(handler ? [handler] : [])], {
    scope: { nodes },
    strategy: options.strategy,
    ...present({
      max_retries: options.maxRetries,
      backoff_ms: options.backoffMs,
      handler,
    }),
  });
}

/** Keeps the order of equal keys on an edge that exists. */
export function addPartition(draft: FlowDraft, from: Handle, to: Handle, key: string): void {
  const source = draft.aliasOf(from, 'source');
  const target = draft.aliasOf(to, 'target');
  if (source === undefined || target === undefined) return;
  if (!draft.settle('partition', source, target)) return;
  draft.addSurface('partition', source, [source, target], {
    edge: { from: source, to: target },
    key,
  });
}
