// A flow as text for a terminal: its nodes in the order in which messages reach them, each with what
// it is and where its output goes.
import type { FlowIR } from './flow-ir.js';
import { flowPicture, type FlowPicture, type PictureNode } from './flow-picture.js';
import { printable } from '@basalt/diagnostics';

/** The listing, without colours, in lines of text that end with a newline. */
export function showFlow(flow: FlowIR): string {
  const picture = flowPicture(flow);
  const outgoing = picture.nodes.map((): FlowPicture['edges'][number][] => []);
  for (const edge of picture.edges) outgoing[edge.from]!.push(edge);
  const head = [
    `${printable(picture.title)} (${flow.profile}): ${count(picture.nodes.length, 'node')}, ${count(picture.edges.length, 'edge')}, ${count(flow.control_surfaces.length, 'control surface')}`,
    ...(picture.summary === '' ? [] : [printable(picture.summary)]),
  ];
  const body = arrivalOrder(picture).flatMap((i) => {
    const node = picture.nodes[i]!;
    const width = Math.max(0, ...outgoing[i]!.map((edge) => aliasOf(picture, edge.to).length));
    const edges = outgoing[i]!.map((edge) => {
      const labels = [...edge.routing, ...edge.terms].map(printable).join(', ');
      return `  -> ${aliasOf(picture, edge.to).padEnd(width)}  ${labels}`.trimEnd();
    });
    return ['', ...nodeLines(node), ...edges];
  });
  return `${[...head, ...body].join('\n')}\n`;
}

function nodeLines(node: PictureNode): string[] {
  const name = node.name === node.alias ? '' : `  ${printable(node.name)}`;
  const facts = [node.kind, node.effects, node.determinism, ...node.notes];
  return [`${printable(node.alias)}${name}`, `  ${facts.map(printable).join(', ')}`];
}

function aliasOf(picture: FlowPicture, index: number): string {
  return printable(picture.nodes[index]!.alias);
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** Node indices, senders before receivers; nodes on a cycle come last, in document order. */
export function arrivalOrder(picture: FlowPicture): number[] {
  const waiting = picture.nodes.map(() => 0);
  const receivers = picture.nodes.map((): number[] => []);
  for (const edge of picture.edges) {
    waiting[edge.to]!++;
    receivers[edge.from]!.push(edge.to);
  }
  const order: number[] = [];
  waiting.forEach((senders, i) => {
    if (senders === 0) order.push(i);
  });
  for (let next = 0; next < order.length; next++) {
    for (const to of receivers[order[next]!]!) {
      if (--waiting[to]! === 0) order.push(to);
    }
  }
  waiting.forEach((senders, i) => {
    if (senders > 0) order.push(i);
  });
  return order;
}
