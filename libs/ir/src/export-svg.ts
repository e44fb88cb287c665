// A flow as a picture: laid out by ELK's layered algorithm, drawn as plain SVG that stands alone,
// follows the reader's light or dark preference, and reads aloud.
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { ELK, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import type { FlowIR } from './flow-ir.js';
import { flowPicture, type FlowPicture, type PictureEdge } from './flow-picture.js';
import { drawSvg } from './svg-drawing.js';
import { edgeLabelLines, LINE_HEIGHT, nodeSize, textWidth } from './svg-measure.js';

/** Largest flow that is laid out, in nodes and in edges; beyond it a picture says nothing. */
export const MAX_PICTURE_PARTS = 500;

/** The flow as an SVG document. Throws DOC050 where the flow is too large to draw. */
export async function exportSvg(flow: FlowIR): Promise<string> {
  const picture = flowPicture(flow);
  const parts = Math.max(picture.nodes.length, picture.edges.length);
  if (parts > MAX_PICTURE_PARTS) {
    throw new DiagnosticError([diagnostic.DOC050({ parts, limit: MAX_PICTURE_PARTS })]);
  }
  const layout = await (await loadElk()).layout(elkGraph(picture));
  return drawSvg(picture, layout);
}

/** ELK is 1.5 MB of code, so it is loaded for the first picture only. */
async function loadElk(): Promise<ELK> {
  const { default: Elk } = await import('elkjs/lib/elk.bundled.js');
  return new (Elk as unknown as new () => ELK)();
}

function elkGraph(picture: FlowPicture): ElkNode {
  return {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.layered.spacing.nodeNodeBetweenLayers': '56',
      'elk.spacing.nodeNode': '28',
      'elk.spacing.edgeNode': '20',
      'elk.spacing.edgeLabel': '4',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.edgeLabels.inline': 'true',
      'elk.padding': '[top=0,left=0,bottom=0,right=0]',
    },
    children: picture.nodes.map((node, i) => ({ id: `n${i}`, ...nodeSize(node) })),
    edges: picture.edges.map(elkEdge),
  };
}

function elkEdge(edge: PictureEdge, i: number): ElkExtendedEdge {
  const lines = edgeLabelLines(edge);
  const label = {
    text: lines.join(' '),
    width: Math.max(...lines.map((line) => textWidth(line, 11))) + 12,
    height: lines.length * LINE_HEIGHT + 4,
  };
  return {
    id: `e${i}`,
    sources: [`n${edge.from}`],
    targets: [`n${edge.to}`],
    labels: lines.length === 0 ? [] : [label],
  };
}
