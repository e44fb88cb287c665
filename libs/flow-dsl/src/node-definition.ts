// Lowers what the author said about a node to the fields of the document.
import { diagnostic } from '@basalt/diagnostics';
import type { NodeHandler } from '@basalt/executor';
import type { Determinism, Effects, NodeIR, NodeKind, TriggerSpec, Value } from '@basalt/ir';
import type { TSchema } from 'typebox';
import { describe } from './describe.js';
import type { FlowDraft } from './flow-draft.js';
import type {
  CacheOptions,
  CommonOptions,
  ConcurrencyOptions,
  IdempotencyOptions,
  RetryOptions,
  TriggerStart,
} from './node-options.js';
import { present } from './present.js';
import { determinismOf, effectsOf, hintFields, isHint } from './resource-hints.js';

/** The fields of a node that do not depend on the rest of the flow. */
export type NodeFields = Omit<NodeIR, 'id' | 'in_schema' | 'out_schema' | 'source' | 'code_hash'>;

/** The options of any node, without their types. */
export interface LooseNodeOptions extends CommonOptions, TriggerStart {
  readonly input?: TSchema;
  readonly output?: TSchema;
  readonly uses?: readonly string[];
  readonly secrets?: readonly string[];
  readonly params?: { readonly schema: TSchema; readonly value: unknown };
  readonly concurrency?: ConcurrencyOptions;
  readonly compensate?: {
    readonly run: unknown;
    readonly timeoutMs?: number;
    readonly summary?: string;
  };
  readonly run?: unknown;
}

/** What a node of a kind is when nothing says otherwise. */
export interface KindDefaults {
  readonly kind: NodeKind;
  readonly effects?: Effects;
  readonly determinism?: Determinism;
  readonly subflow?: string;
}

const ALIAS = /^[A-Za-z][A-Za-z0-9_.-]*$/;

/** Hands a message on as it came: what a trigger does that has no function. */
const passThrough: NodeHandler = (message) => message as Value;

/** Declares a node; every fault becomes a finding of the draft. */
export function declareNode(
  draft: FlowDraft,
  alias: string,
  options: LooseNodeOptions,
  defaults: KindDefaults,
): { readonly alias: string } {
  checkName(draft, 'node', alias);
  const uses = knownHints(draft, alias, options.uses ?? []);
  const identifier = `${draft.name}::${alias}`;
  const fields: NodeFields = {
    alias,
    identifier,
    name: options.name ?? alias,
    kind: defaults.kind,
    ...present({ summary: options.summary }),
    effects: options.effects ?? defaults.effects ?? effectsOf(uses),
    determinism: options.determinism ?? defaults.determinism ?? determinismOf(uses),
    idempotency: idempotency(options.idempotency ?? {}),
    ...hintFields(uses),
    ...present({
      trigger: defaults.kind === 'trigger' ? triggerSpec(draft, alias, options) : undefined,
      subflow: defaults.subflow,
      timeout_ms: options.timeoutMs,
      retry: options.retry && retry(options.retry),
      cache: options.cache && cache(options.cache),
      compensation: compensation(draft, identifier, alias, options),
      concurrency: options.concurrency && concurrency(options.concurrency),
      checkpoint: checkpoint(draft, options.checkpoint),
      secrets: options.secrets,
      credentials: credentials(options.credentials),
      egress: options.egress,
      data_class: options.dataClass,
      max_output_bytes: options.maxOutputBytes,
    }),
  };
  addFunction(draft, identifier, alias, options, defaults.kind);
  const { input, output } = options;
  const node = { alias, fields, input, output, params: options.params, site: draft.site };
  return draft.addNode(node);
}

/** Reports a name that cannot stand in identifiers. */
export function checkName(draft: FlowDraft, kind: 'node' | 'flow', name: unknown): void {
  if (typeof name === 'string' && ALIAS.test(name)) return;
  const problem =
    name === ''
      ? 'it is empty'
      : typeof name === 'string'
        ? 'it must start with a letter and have only letters, digits, "_", "-" and "."'
        : `it is ${describe(name)}`;
  const shown = JSON.stringify(name) ?? 'undefined';
  draft.report(diagnostic.AUTH001({ kind, name: shown, problem }, draft.location));
}

function knownHints(draft: FlowDraft, node: string, uses: readonly string[]): readonly string[] {
  return uses.filter((hint) => {
    if (isHint(hint)) return true;
    const problem = { node, category: 'resource', name: JSON.stringify(hint) };
    draft.report(diagnostic.DAG003(problem, draft.location));
    return false;
  });
}

function addFunction(
  draft: FlowDraft,
  identifier: string,
  alias: string,
  options: LooseNodeOptions,
  kind: NodeKind,
): void {
  if (kind === 'subflow') return;
  if (options.run !== undefined) draft.addHandler(identifier, alias, options.run);
  else if (kind === 'trigger') draft.handlers.set(identifier, { alias, handler: passThrough });
  else draft.report(diagnostic.DAG001({ node: alias, missing: 'handler' }, draft.location));
}

function compensation(
  draft: FlowDraft,
  nodeIdentifier: string,
  alias: string,
  { compensate }: LooseNodeOptions,
): NodeIR['compensation'] {
  if (compensate === undefined) return undefined;
  const identifier = `${nodeIdentifier}::compensate`;
  draft.addHandler(identifier, alias, compensate.run);
  const { timeoutMs, summary } = compensate;
  return { identifier, ...present({ timeout_ms: timeoutMs, summary }) };
}

function triggerSpec(draft: FlowDraft, alias: string, options: LooseNodeOptions): TriggerSpec {
  const { http, cron, queue, event } = options;
  const given = Object.entries({ http, cron, queue, event }).filter(([, v]) => v !== undefined);
  if (given.length > 1) {
    const problem = `${given.map(([name]) => name).join(' and ')} are given; a trigger has one start`;
    draft.report(diagnostic.AUTH009({ owner: `Trigger ${alias}`, problem }, draft.location));
  }
  return {
    kind: (given[0]?.[0] as 'http' | 'cron' | 'queue' | 'event' | undefined) ?? 'manual',
    ...present({
      method: http && (http.method ?? 'POST').toUpperCase(),
      route: http?.route,
      schedule: cron,
      queue,
      event,
      respond: options.respond,
      deadline_ms: options.deadlineMs,
      max_payload_bytes: options.maxPayloadBytes,
    }),
  };
}

function idempotency(options: IdempotencyOptions): NodeIR['idempotency'] {
  return present({ ...options });
}

function retry(options: RetryOptions): NonNullable<NodeIR['retry']> {
  return {
    max_attempts: options.maxAttempts,
    backoff_ms: options.backoffMs ?? 100,
    multiplier: options.multiplier ?? 2,
    max_backoff_ms: options.maxBackoffMs ?? 30_000,
    jitter: options.jitter ?? 'full',
    owner: options.owner ?? 'orchestrator',
  };
}

function cache(options: CacheOptions): NonNullable<NodeIR['cache']> {
  return {
    tier: options.tier ?? 'memory',
    ...present({
      key: options.key,
      ttl_ms: options.ttlMs,
      invalidate_on: options.invalidateOn,
      pin: options.pin,
    }),
  };
}

function concurrency(options: ConcurrencyOptions): NonNullable<NodeIR['concurrency']> {
  return {
    max: options.max,
    ...present({ batch: options.batch, batch_wait_ms: options.batchWaitMs }),
  };
}

function checkpoint(draft: FlowDraft, given: CommonOptions['checkpoint']): string | undefined {
  if (given === undefined) return undefined;
  const { id, summary } = typeof given === 'string' ? { id: given, summary: undefined } : given;
  draft.addCheckpoint(id, summary);
  return id;
}

function credentials(given: CommonOptions['credentials']): NodeIR['credentials'] {
  return given?.map((entry) =>
    typeof entry === 'string'
      ? { name: entry, scopes: [] }
      : { name: entry.name, scopes: entry.scopes ?? [] },
  );
}
