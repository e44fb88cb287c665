// The flows that the viewer knows: those of the host and the subflows inside them, found by id. What is
// shown of a flow is made once, when it is first asked for.
import { formatLocation, type Diagnostic } from '@basalt/diagnostics';
import { flowPicture, type FlowIR, type NodeIR } from '@basalt/ir';
import { validateFlow } from '@basalt/validator';
import type { Finding, GraphPicture, ShownJson, TriggerEntry } from '@basalt/run-viewer';
import type { CompiledFlow } from '../hosted-flow.js';
import { nodeFacts } from './node-facts.js';

/** A flow, or a subflow inside one. */
export interface KnownFlow {
  readonly ir: FlowIR;
  /** The flow of the host that it is a part of; itself where it is none. */
  readonly owner: CompiledFlow;
}

/** Data of these classes is not for the eyes of everybody who may see runs. */
const HIDDEN_CLASSES: readonly unknown[] = ['confidential', 'personal'];

export class FlowCatalogue {
  readonly #known = new Map<string, KnownFlow>();
  readonly #graphs = new WeakMap<FlowIR, GraphPicture>();
  readonly #findings = new WeakMap<FlowIR, readonly Finding[]>();

  constructor(readonly hosted: readonly CompiledFlow[]) {
    for (const flow of hosted) this.#known.set(flow.id, { ir: flow.ir, owner: flow });
    for (const flow of hosted) this.#addSubflows(flow.ir, flow);
  }

  find(id: string): KnownFlow | undefined {
    return this.#known.get(id);
  }

  /** The name that is shown for a flow, also where it is not known. */
  nameOf(id: string): string {
    return this.#known.get(id)?.ir.name ?? id;
  }

  graph(ir: FlowIR): GraphPicture {
    let graph = this.#graphs.get(ir);
    if (graph === undefined) this.#graphs.set(ir, (graph = graphOf(ir)));
    return graph;
  }

  findings(ir: FlowIR): readonly Finding[] {
    let findings = this.#findings.get(ir);
    if (findings === undefined) {
      findings = validateFlow(ir).map((found) => findingOf(ir, found));
      this.#findings.set(ir, findings);
    }
    return findings;
  }

  #addSubflows({ subflows }: FlowIR, owner: CompiledFlow): void {
    for (const ir of Object.values(subflows ?? {})) {
      if (this.#known.has(ir.id)) continue;
      this.#known.set(ir.id, { ir, owner });
      this.#addSubflows(ir, owner);
    }
  }
}

/** Why what goes into a node, or comes out of it, is not shown; undefined where it is. What one node
 * puts out the next one takes in, so the nodes on the other ends of its edges count, too. */
export function hiddenBecause(
  ir: FlowIR,
  alias: string | undefined,
  side: 'input' | 'output',
): string | undefined {
  const near = ir.edges.flatMap(({ from, to }) => {
    if (side === 'input') return to === alias ? [from] : [];
    return from === alias ? [to] : [];
  });
  const found = [alias, ...near]
    .map((name) => ir.nodes.find((node) => node.alias === name)?.data_class)
    .find((data) => HIDDEN_CLASSES.includes(data));
  if (found !== undefined) return `data of the class "${found}" is not shown`;
  // A trigger hands on what it gets.
  const isTrigger = ir.nodes.find((node) => node.alias === alias)?.kind === 'trigger';
  return side === 'input' && isTrigger ? hiddenBecause(ir, alias, 'output') : undefined;
}

/** The nodes that a run of the flow can begin at. */
export function triggersOf(ir: FlowIR): readonly NodeIR[] {
  return ir.nodes.filter(({ kind }) => kind === 'trigger');
}

export function triggerEntries(ir: FlowIR): readonly TriggerEntry[] {
  return triggersOf(ir).map(({ alias, trigger }) => ({
    alias,
    kind: trigger?.kind ?? 'manual',
    route: trigger?.route === undefined ? '' : `${trigger.method ?? 'POST'} ${trigger.route}`,
    respond: trigger?.respond ?? 'value',
  }));
}

/** The schema of each trigger's payload with the named schemas that it may refer to. */
export function payloadSchemas(ir: FlowIR): Readonly<Record<string, ShownJson>> {
  return Object.fromEntries(
    triggersOf(ir).map(({ alias, in_schema: ref }) => {
      const schemas = ir.schemas ?? {};
      const schema =
        ref.kind === 'named' && Object.hasOwn(schemas, ref.name) ? schemas[ref.name] : null;
      return [alias, schema as ShownJson];
    }),
  );
}

function graphOf(ir: FlowIR): GraphPicture {
  const picture = flowPicture(ir);
  return {
    nodes: picture.nodes.map((node, i) => ({
      alias: node.alias,
      name: node.name,
      kind: node.kind,
      effects: node.effects,
      determinism: node.determinism,
      summary: ir.nodes[i]!.summary ?? '',
      notes: node.notes,
      facts: nodeFacts(ir.nodes[i]!),
    })),
    edges: picture.edges.map(({ from, to, delivery, routing, terms }) => ({
      from: picture.nodes[from]!.alias,
      to: picture.nodes[to]!.alias,
      delivery,
      routing,
      terms,
    })),
  };
}

function findingOf(ir: FlowIR, found: Diagnostic): Finding {
  const place = found.location === undefined ? '' : ` (${formatLocation(found.location)})`;
  return {
    code: found.code,
    severity: found.severity,
    message: `${found.message}${place}`,
    help: found.help,
    nodes: nodesAt(ir, found.location?.pointer ?? ''),
  };
}

/** The nodes that a place in the document is about. */
function nodesAt(ir: FlowIR, pointer: string): readonly string[] {
  const [, list, index = ''] = pointer.split('/');
  const at = Number(index);
  switch (list) {
    case 'nodes':
      return ir.nodes[at] === undefined ? [] : [ir.nodes[at].alias];
    case 'edges':
      return ir.edges[at] === undefined ? [] : [ir.edges[at].from, ir.edges[at].to];
    case 'control_surfaces':
      return ir.control_surfaces[at]?.targets ?? [];
    default:
      return [];
  }
}
