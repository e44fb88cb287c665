// A flow as a Mermaid flowchart, for Markdown pages that render it.
import type { FlowIR, NodeKind } from './flow-ir.js';
import { flowPicture } from './flow-picture.js';
import { printable } from '@basalt/diagnostics';

const BRACKETS: Readonly<Record<NodeKind, readonly [string, string]>> = {
  trigger: ['([', '])'],
  inline: ['[', ']'],
  activity: ['(', ')'],
  subflow: ['[[', ']]'],
};

const ARROWS = { at_least_once: '-->', at_most_once: '-.->', exactly_once: '==>' } as const;

/** The flow as Mermaid source. Every character of a text that could end it, or be read as markup, is
 * written as a Mermaid entity code, so no name can add to the chart or to the page. */
export function exportMermaid(flow: FlowIR): string {
  const picture = flowPicture(flow);
  const nodes = picture.nodes.map((node, i) => {
    const [open, close] = BRACKETS[node.kind];
    const lines = [node.name, `${node.kind}, ${node.effects}`, ...node.notes];
    return `  n${i}${open}"${lines.map(escape).join('<br/>')}"${close}:::${node.effects}`;
  });
  const edges = picture.edges.map((edge) => {
    const labels = [...edge.routing, ...edge.terms].map(escape).join('<br/>');
    const label = labels === '' ? '' : `|"${labels}"|`;
    return `  n${edge.from} ${ARROWS[edge.delivery]}${label} n${edge.to}`;
  });
  return [
    'flowchart LR',
    ...nodes,
    ...edges,
    '  classDef pure fill:#e7f5ee,stroke:#2c8a5f,color:#1b2430',
    '  classDef read_only fill:#e6effb,stroke:#2f6fc4,color:#1b2430',
    '  classDef effectful fill:#fdeedd,stroke:#c26a12,color:#1b2430',
    '',
  ].join('\n');
}

function escape(text: string): string {
  return printable(text).replace(
    /[^\p{L}\p{N} _.,:/()=+-]/gu,
    (char) => `#${char.codePointAt(0)};`,
  );
}
