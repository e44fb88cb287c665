// One execution as OpenTelemetry spans: one for the run, one for each attempt of a node, one for each
// run of a subflow. Spans carry names, counts and outcomes; values never.
import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { Diagnostic } from '@basalt/diagnostics';
import type {
  NodeOutcome,
  ObservedInvocation,
  ObservedRun,
  RunObserver,
  RunStatus,
} from '@basalt/executor';

interface OpenRun {
  readonly span: Span;
  readonly inside: Context;
  readonly nodes: Map<number, Span>;
}

export class RunSpans implements RunObserver {
  readonly #tracer: Tracer;
  readonly #root: Span;
  readonly #runs = new Map<string, OpenRun>();

  /** @param root The span of the run; it ends with the run. */
  constructor(tracer: Tracer, root: Span) {
    this.#tracer = tracer;
    this.#root = root;
  }

  runStarted(run: ObservedRun): void {
    const parent = run.parentId === undefined ? undefined : this.#runs.get(run.parentId);
    const span =
      parent === undefined
        ? this.#root
        : this.#tracer.startSpan(`run ${run.flow}`, attributesOf(run), parent.inside);
    this.#runs.set(run.id, {
      span,
      inside: trace.setSpan(ROOT_CONTEXT, span),
      nodes: new Map(),
    });
  }

  runEnded(run: ObservedRun, status: RunStatus, _output: unknown, cause?: Diagnostic): void {
    const open = this.#runs.get(run.id);
    if (open === undefined) return;
    this.#runs.delete(run.id);
    for (const span of open.nodes.values()) endNode(span, 'cancelled');
    open.span.setAttribute('basalt.run.status', status);
    if (cause !== undefined) {
      open.span.setAttribute('basalt.diagnostic.code', cause.code);
      // The summary is fixed text of the code; the message may hold parts of values.
      open.span.setStatus({ code: SpanStatusCode.ERROR, message: cause.summary });
    }
    open.span.end();
  }

  nodeStarted(run: ObservedRun, { seq, alias, attempt }: ObservedInvocation): void {
    const open = this.#runs.get(run.id);
    if (open === undefined) return;
    const attributes = { 'basalt.node.alias': alias, 'basalt.node.attempt': attempt };
    open.nodes.set(seq, this.#tracer.startSpan(`node ${alias}`, { attributes }, open.inside));
  }

  nodeEnded(run: ObservedRun, { seq }: ObservedInvocation, outcome: NodeOutcome): void {
    const nodes = this.#runs.get(run.id)?.nodes;
    const span = nodes?.get(seq);
    if (nodes === undefined || span === undefined) return;
    nodes.delete(seq);
    endNode(span, outcome);
  }

  retried(run: ObservedRun, { seq, alias }: ObservedInvocation, delayMs: number): void {
    const open = this.#runs.get(run.id);
    const span = open?.nodes.get(seq) ?? open?.span;
    span?.addEvent('retry', { 'basalt.node.alias': alias, 'basalt.retry.delay_ms': delayMs });
  }
}

function endNode(span: Span, outcome: NodeOutcome): void {
  span.setAttribute('basalt.node.outcome', outcome);
  if (outcome !== 'ok') span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
  span.end();
}

function attributesOf(run: ObservedRun) {
  return { attributes: { 'basalt.flow': run.flow, 'basalt.run.id': run.id } };
}

/** Starts the span of a run.
 * @param parent What the span is a part of; the active context when absent. */
export function startRunSpan(
  tracer: Tracer,
  run: { readonly id: string; readonly flow: string; readonly trigger: string | undefined },
  parent: Context | undefined,
): Span {
  const attributes = {
    'basalt.flow': run.flow,
    'basalt.run.id': run.id,
    ...(run.trigger === undefined ? {} : { 'basalt.trigger': run.trigger }),
  };
  const options = { kind: SpanKind.SERVER, attributes };
  return tracer.startSpan(`run ${run.flow}`, options, parent ?? context.active());
}
