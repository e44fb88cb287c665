// All that a document says of one node, as labels and texts for people.
import type { NodeIR, SchemaRef } from '@basalt/ir';
import { isSecretName, REDACTED } from './value-sample.js';

type Fact = readonly [label: string, text: string];

/** Longest text of one fact, in UTF-16 units. */
const MAX_TEXT = 500;

export function nodeFacts(node: NodeIR): readonly Fact[] {
  const { trigger, retry, cache, concurrency, compensation, idempotency, source } = node;
  const facts: (readonly [string, string | undefined])[] = [
    ['Kind', node.kind],
    ['Effects', node.effects],
    ['Determinism', node.determinism.replaceAll('_', ' ')],
    ['Handler', node.identifier],
    ['Takes', schemaName(node.in_schema)],
    ['Gives', schemaName(node.out_schema)],
    ['Starts by', trigger === undefined ? undefined : startsBy(trigger)],
    ['Answers with', trigger?.respond],
    ['Deadline', ms(trigger?.deadline_ms)],
    ['Time limit', ms(node.timeout_ms)],
    [
      'Retries',
      retry === undefined
        ? undefined
        : `${retry.max_attempts} attempts, first wait ${retry.backoff_ms} ms, times ${retry.multiplier}`,
    ],
    ['Idempotency key', idempotency.key],
    ['At once', concurrency === undefined ? undefined : String(concurrency.max)],
    ['Batch', concurrency?.batch === undefined ? undefined : String(concurrency.batch)],
    ['Cache', cache === undefined ? undefined : `${cache.tier}, ${ms(cache.ttl_ms) ?? 'no end'}`],
    ['Undone by', compensation?.identifier],
    ['Checkpoint', node.checkpoint],
    ['Subflow', node.subflow],
    ['Resources', list([...new Set([...node.effectHints, ...node.determinismHints])])],
    ['Hosts', list(node.egress)],
    ['Secrets', list(node.secrets)],
    ['Data class', node.data_class],
    ['Parameters', params(node.params)],
    ['Written in', source === undefined ? undefined : `${source.file}:${source.line}`],
  ];
  return facts.flatMap(([label, text]): Fact[] =>
    text === undefined || text === '' ? [] : [[label, text.slice(0, MAX_TEXT)]],
  );
}

function startsBy(trigger: NonNullable<NodeIR['trigger']>): string {
  const { kind, method = 'POST', route, schedule, queue, event } = trigger;
  if (kind === 'http' && route !== undefined) return `${method} ${route}`;
  return [kind, schedule ?? queue ?? event].filter((word) => word !== undefined).join(' ');
}

function schemaName(ref: SchemaRef): string {
  return ref.kind === 'named' ? ref.name : 'anything';
}

function ms(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${value} ms`;
}

function list(words: readonly string[] | undefined): string | undefined {
  return words?.join(', ');
}

function params(values: NodeIR['params']): string | undefined {
  if (values === undefined) return undefined;
  const hidden = (key: string, value: unknown) =>
    key !== '' && isSecretName(key) ? REDACTED : value;
  return JSON.stringify(values, hidden);
}
