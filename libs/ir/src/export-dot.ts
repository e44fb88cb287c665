// A flow as a Graphviz digraph.
import type { FlowIR, NodeKind } from './flow-ir.js';
import { flowPicture } from './flow-picture.js';
import { printable } from '@basalt/diagnostics';

const SHAPES: Readonly<Record<NodeKind, string>> = {
  trigger: 'shape=box, style="rounded,filled,bold"',
  inline: 'shape=box, style="filled"',
  activity: 'shape=component, style="filled"',
  subflow: 'shape=box, peripheries=2, style="filled"',
};

const FILLS = { pure: '#e7f5ee', read_only: '#e6effb', effectful: '#fdeedd' } as const;
const LINES = { at_least_once: 'solid', at_most_once: 'dashed', exactly_once: 'bold' } as const;

/** The flow in the DOT language. Every text stands in quotes with its special characters escaped, so
 * no name can add to the graph. */
export function exportDot(flow: FlowIR): string {
  const picture = flowPicture(flow);
  const nodes = picture.nodes.map((node, i) => {
    const lines = [node.name, `${node.alias}: ${node.kind}, ${node.effects}`, ...node.notes];
    return `  n${i} [label=${quote(lines)}, ${SHAPES[node.kind]}, fillcolor="${FILLS[node.effects]}"];`;
  });
  const edges = picture.edges.map((edge) => {
    const labels = [...edge.routing, ...edge.terms];
    const label = labels.length === 0 ? '' : `label=${quote(labels)}, `;
    return `  n${edge.from} -> n${edge.to} [${label}style=${LINES[edge.delivery]}];`;
  });
  return [
    `digraph ${quote([picture.title])} {`,
    '  rankdir=LR;',
    '  node [fontname="sans-serif", fontsize=11, color="#5b6470"];',
    '  edge [fontname="sans-serif", fontsize=10, color="#5b6470"];',
    ...nodes,
    ...edges,
    '}',
    '',
  ].join('\n');
}

/** A quoted string of centred lines. Graphviz reads a backslash as an escape even inside a label. */
function quote(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    printable(line).replaceAll('\\', '\\\\').replaceAll('"', '\\"'),
  );
  return `"${escaped.join('\\n')}"`;
}
