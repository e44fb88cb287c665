// The JSON of runs: what the pages get to see of a record, without secrets and without data that is
// not for showing.
import type { SecretRedactor } from '@basalt/capabilities';
import type {
  EdgeStatus,
  InvocationEntry,
  NodeInspection,
  NodeStatus,
  RunCause,
  RunChange,
  RunEntry,
  ShownValue,
} from '@basalt/run-viewer';
import type { FlowIR } from '@basalt/ir';
import { hiddenBecause, triggersOf, type FlowCatalogue } from './flow-catalogue.js';
import type { EdgeRecord, InvocationRecord, NodeRecord } from './node-record.js';
import type { RecordedRun } from './recorded-run.js';
import { statusWord } from './run-query.js';
import {
  CutValue,
  isSecretName,
  REDACTED,
  redactCut,
  redactText,
  showSample,
  type ValueSample,
} from './value-sample.js';

const round = (ms: number) => Math.round(ms * 1000) / 1000;

export class RunPresenter {
  constructor(
    readonly flows: FlowCatalogue,
    readonly redactor: SecretRedactor | undefined,
  ) {}

  entry(run: RecordedRun): RunEntry {
    return {
      id: run.id,
      flow: run.flow,
      flow_name: this.flows.nameOf(run.flow),
      status: statusWord(run),
      started_at: run.startedAt,
      duration_ms: run.durationMs === undefined ? null : round(run.durationMs),
      trigger: run.trigger ?? null,
      labels: this.labels(run),
      cause: this.#cause(run),
      parent: run.parentId ?? null,
    };
  }

  /** Null where there was no payload, or it is not for showing. */
  input(run: RecordedRun): ShownValue | null {
    const ir = this.#ir(run);
    const trigger = run.trigger ?? (ir && triggersOf(ir)[0]?.alias);
    return this.#shown(run.input, ir, trigger, 'input');
  }

  /** What changed since a version. */
  change(run: RecordedRun, since: number): RunChange {
    const { version, timeline } = run;
    const nodes: NodeStatus[] = [];
    for (const node of run.nodes.values()) if (node.version > since) nodes.push(this.#node(node));
    const edges: EdgeStatus[] = [];
    for (const edge of run.edges.values()) if (edge.version > since) edges.push(edgeStatus(edge));
    return {
      version,
      run: this.entry(run),
      output: this.#shown(run.output, this.#ir(run), run.capturedAt, 'output'),
      outputs: run.captures,
      children: run.children,
      nodes,
      edges,
      events: timeline
        .items()
        .filter((event) => event.version > since)
        .map(({ index, atMs, kind, node, text }) => ({
          index,
          at_ms: round(atMs),
          kind,
          node: node ?? null,
          text: text === undefined ? null : this.#clean(text),
        })),
      events_omitted: timeline.omitted,
    };
  }

  #node(node: NodeRecord): NodeStatus {
    const { lastFailure } = node;
    return { ...nodeStatus(node), last_failure: lastFailure ? this.#clean(lastFailure) : null };
  }

  inspect(run: RecordedRun, node: NodeRecord): NodeInspection {
    const ir = this.#ir(run);
    const why = (side: 'input' | 'output') => ir && hiddenBecause(ir, node.alias, side);
    const [input, output] = [why('input'), why('output')];
    return {
      alias: node.alias,
      invocations: node.invocations
        .items()
        .map((record) => this.#invocation(record, input !== undefined, output !== undefined)),
      omitted: node.invocations.omitted,
      hidden: input ?? output ?? null,
    };
  }

  #invocation(
    record: InvocationRecord,
    hidesInput: boolean,
    hidesOutput: boolean,
  ): InvocationEntry {
    const { output } = record;
    return {
      seq: record.seq,
      attempt: record.attempt,
      start_ms: round(record.startMs),
      end_ms: record.endMs === undefined ? null : round(record.endMs),
      outcome: record.outcome ?? null,
      input: hidesInput ? null : this.#value(record.input),
      output: output === undefined || hidesOutput ? null : this.#value(output),
      has_output: output !== undefined,
      emitted: record.emitted,
      emissions: hidesOutput ? [] : record.emissions.map((sample) => this.#value(sample)),
    };
  }

  #ir(run: RecordedRun): FlowIR | undefined {
    return this.flows.find(run.flow)?.ir;
  }

  #shown(
    sample: ValueSample | undefined,
    ir: FlowIR | undefined,
    alias: string | undefined,
    side: 'input' | 'output',
  ): ShownValue | null {
    if (sample === undefined) return null;
    if (ir !== undefined && hiddenBecause(ir, alias, side) !== undefined) return null;
    return this.#value(sample);
  }

  #value(sample: ValueSample): ShownValue {
    return { json: showSample(sample, this.redactor), cut: sample instanceof CutValue };
  }

  /** The labels of a run as they are shown. */
  labels(run: RecordedRun): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(run.labels).map(([key, text]) => [
        redactCut(key, this.redactor),
        this.#label(key, text),
      ]),
    );
  }

  #label(key: string, text: string): string {
    if (isSecretName(key)) return REDACTED;
    return redactCut(key === 'http.query_raw' ? redactQuery(text) : text, this.redactor);
  }

  #cause({ cause }: RecordedRun): RunCause | null {
    if (cause === undefined) return null;
    return { code: cause.code, message: this.#clean(cause.message), help: this.#clean(cause.help) };
  }

  #clean(text: string): string {
    return redactText(text, this.redactor);
  }
}

/** A query without the values of parameters with names of secrets. */
function redactQuery(query: string): string {
  return query
    .split('&')
    .map((part) => {
      const [name = ''] = part.split('=', 1);
      return isSecretName(name) && part.includes('=') ? `${name}=${REDACTED}` : part;
    })
    .join('&');
}

function nodeStatus(node: NodeRecord): Omit<NodeStatus, 'last_failure'> {
  const ended = node.ok + node.failed + node.timedOut + node.cancelled;
  return {
    alias: node.alias,
    state: node.state,
    active: node.active,
    started: node.started,
    ok: node.ok,
    failed: node.failed,
    timed_out: node.timedOut,
    cancelled: node.cancelled,
    retries: node.retries,
    cached: node.cached,
    dropped: node.dropped,
    emitted: node.emitted,
    mean_ms: ended === 0 ? null : round(node.sumMs / ended),
    max_ms: ended === 0 || Number.isNaN(node.maxMs) ? null : round(node.maxMs),
  };
}

function edgeStatus(edge: EdgeRecord): EdgeStatus {
  return {
    label: edge.label,
    depth: edge.depth,
    max_depth: edge.maxDepth,
    passed: edge.passed,
    spilled: edge.spilled,
  };
}
