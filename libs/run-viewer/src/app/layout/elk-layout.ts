// Layout by ELK's layered algorithm, in its own worker, which is loaded when the first graph is drawn.
import ElkApi, { type ELK, type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk-api.js';
import type { GraphLayout, LayoutInput, Point } from './graph-layout.js';

const LABEL_HEIGHT = 18;

/** How long ELK may take, in milliseconds. */
const PATIENCE_MS = 6000;

let elk: ELK | undefined;

/** @throws where ELK fails or takes too long; its worker is then ended. */
export async function elkLayout(workerUrl: URL, input: LayoutInput): Promise<GraphLayout> {
  const engine = (elk ??= new ElkApi.default({ workerUrl: String(workerUrl) }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('ELK took too long')), PATIENCE_MS);
  });
  try {
    return toLayout(input, await Promise.race([engine.layout(toElk(input)), late]));
  } catch (error) {
    elk = undefined;
    engine.terminateWorker();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function toElk({ width, height, nodes, edges, direction }: LayoutInput): ElkNode {
  return {
    id: 'flow',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': direction === 'right' ? 'RIGHT' : 'DOWN',
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.spacing.nodeNode': '30',
      'elk.spacing.edgeNode': '20',
      'elk.layered.spacing.nodeNodeBetweenLayers': '48',
      'elk.layered.spacing.edgeNodeBetweenLayers': '18',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.padding': '[top=0,left=0,bottom=0,right=0]',
      'elk.separateConnectedComponents': 'true',
    },
    children: Array.from({ length: nodes }, (_, i) => ({ id: `n${i}`, width, height })),
    edges: edges.map(({ from, to, labelWidth }, i) => ({
      id: `e${i}`,
      sources: [`n${from}`],
      targets: [`n${to}`],
      labels:
        labelWidth === 0
          ? []
          : [{ id: `l${i}`, text: 'label', width: labelWidth, height: LABEL_HEIGHT }],
    })),
  };
}

function toLayout(input: LayoutInput, result: ElkNode): GraphLayout {
  const children = new Map((result.children ?? []).map((child) => [child.id, child]));
  const lines = new Map((result.edges ?? []).map((edge) => [edge.id, edge]));
  return {
    width: result.width ?? 0,
    height: result.height ?? 0,
    nodes: Array.from({ length: input.nodes }, (_, i) => {
      const box = children.get(`n${i}`);
      return { x: box?.x ?? 0, y: box?.y ?? 0 };
    }),
    edges: input.edges.map((_, i) => pointsOf(lines.get(`e${i}`))),
    labels: input.edges.map((_, i) => labelOf(lines.get(`e${i}`))),
  };
}

function pointsOf(edge: ElkExtendedEdge | undefined): readonly Point[] {
  return (edge?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [
    startPoint,
    ...bendPoints,
    endPoint,
  ]);
}

function labelOf(edge: ElkExtendedEdge | undefined): Point | undefined {
  const label = edge?.labels?.[0];
  if (label?.x === undefined || label.y === undefined) return undefined;
  return { x: label.x + (label.width ?? 0) / 2, y: label.y + (label.height ?? 0) / 2 };
}
