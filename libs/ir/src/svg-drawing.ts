// Draws a laid-out flow. Every shape has plain colours as attributes, for programs that know no CSS
// variables, and a class whose variables follow the reader's colour scheme.
import type { ElkEdgeSection, ElkNode } from 'elkjs/lib/elk-api.js';
import type { Effects } from './flow-ir.js';
import type { FlowPicture, PictureNode } from './flow-picture.js';
import { edgeLabelLines, LINE_HEIGHT, nodeLines, TEXT_LEFT, textWidth } from './svg-measure.js';
import { printable } from '@basalt/diagnostics';

const MARGIN = 24;
const HEADER = 44;
const FOOTER = 34;
const CORNER = 7;
const FONT = 'font-family="system-ui, \'Segoe UI\', Helvetica, Arial, sans-serif"';

const STYLE = `
.flow { --bg: #ffffff; --ink: #1b2430; --muted: #5b6470; --line: #77828f; --card: #f7f8fa; --edge: #c9d0d8;
  --pure: #2c8a5f; --read_only: #2f6fc4; --effectful: #c26a12; }
@media (prefers-color-scheme: dark) {
  .flow { --bg: #14181d; --ink: #e8ecf1; --muted: #a0aab6; --line: #7f8b99; --card: #1f252c; --edge: #3b4550;
    --pure: #58c08f; --read_only: #6fa5ee; --effectful: #eb9a48; }
}
.bg { fill: var(--bg); } .ink { fill: var(--ink); } .muted { fill: var(--muted); }
.card { fill: var(--card); stroke: var(--edge); } .line { stroke: var(--line); } .head { fill: var(--line); }
.label { fill: var(--muted); } .plate { fill: var(--bg); }
.pure { fill: var(--pure); } .read_only { fill: var(--read_only); } .effectful { fill: var(--effectful); }`;

const ACCENT: Readonly<Record<Effects, string>> = {
  pure: '#2c8a5f',
  read_only: '#2f6fc4',
  effectful: '#c26a12',
};

const DASHES = {
  at_least_once: '',
  at_most_once: ' stroke-dasharray="6 4"',
  exactly_once: '',
} as const;

/** The SVG document of a picture with the layout that ELK computed for it. */
export function drawSvg(picture: FlowPicture, layout: ElkNode): string {
  const width = Math.ceil(Math.max(layout.width ?? 0, 360) + 2 * MARGIN);
  const height = Math.ceil((layout.height ?? 0) + HEADER + FOOTER + 2 * MARGIN);
  const nodes = picture.nodes.map((node, i) => drawNode(node, layout.children![i]!));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="flow" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="flow-title flow-desc" ${FONT}>`,
    `<title id="flow-title">${escapeXml(picture.title)}</title>`,
    `<desc id="flow-desc">${escapeXml(describe(picture))}</desc>`,
    `<style>${STYLE}\n</style>`,
    '<defs><marker id="flow-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path class="head" fill="#77828f" d="M0 1 L10 5 L0 9 z"/></marker></defs>',
    `<rect class="bg" fill="#ffffff" width="${width}" height="${height}"/>`,
    `<text class="ink" fill="#1b2430" x="${MARGIN}" y="${MARGIN + 14}" font-size="17" font-weight="600">${escapeXml(picture.title)}</text>`,
    picture.summary === ''
      ? ''
      : `<text class="muted" fill="#5b6470" x="${MARGIN}" y="${MARGIN + 33}" font-size="12">${escapeXml(picture.summary)}</text>`,
    `<g transform="translate(${MARGIN} ${MARGIN + HEADER})">`,
    ...(layout.edges ?? []).flatMap((edge, i) =>
      (edge.sections ?? []).map((section) => drawEdge(section, picture.edges[i]!.delivery)),
    ),
    ...nodes,
    ...(layout.edges ?? []).map((edge, i) =>
      drawLabel(edge.labels?.[0], edgeLabelLines(picture.edges[i]!)),
    ),
    '</g>',
    drawLegend(height - MARGIN + 4),
    '</svg>',
    '',
  ].join('\n');
}

function drawNode(node: PictureNode, box: ElkNode): string {
  const [x, y, width, height] = [box.x ?? 0, box.y ?? 0, box.width ?? 0, box.height ?? 0];
  const { title, lines } = nodeLines(node);
  const round = node.kind === 'trigger' ? 18 : node.kind === 'inline' ? 3 : 9;
  const card = (inset: number, extra = '') =>
    `<rect class="card" fill="#f7f8fa" stroke="#c9d0d8" x="${inset}" y="${inset}" width="${width - 2 * inset}" height="${height - 2 * inset}" rx="${Math.max(1, round - inset)}"${extra}/>`;
  // A subflow is a card on a card; an activity has a heavier frame than inline code.
  const frame =
    node.kind === 'subflow'
      ? card(0) + card(4)
      : card(0, node.kind === 'activity' ? ' stroke-width="2"' : '');
  const texts = lines.map(
    (line, i) =>
      `<text class="muted" fill="#5b6470" x="${TEXT_LEFT}" y="${39 + i * LINE_HEIGHT}" font-size="11">${escapeXml(line)}</text>`,
  );
  return [
    `<g transform="translate(${round1(x)} ${round1(y)})">`,
    `<title>${escapeXml(`${node.name} (${node.alias}): ${node.kind}, ${node.effects}, ${node.determinism}`)}</title>`,
    frame,
    `<rect class="${node.effects}" fill="${ACCENT[node.effects]}" x="9" y="12" width="4" height="${height - 24}" rx="2"/>`,
    `<text class="ink" fill="#1b2430" x="${TEXT_LEFT}" y="23" font-size="13.5" font-weight="600">${escapeXml(title)}</text>`,
    ...texts,
    '</g>',
  ].join('');
}

function drawEdge(section: ElkEdgeSection, delivery: keyof typeof DASHES): string {
  const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
  const weight = delivery === 'exactly_once' ? 2.4 : 1.4;
  return `<path class="line" fill="none" stroke="#77828f" stroke-width="${weight}"${DASHES[delivery]} marker-end="url(#flow-arrow)" d="${roundedPath(points)}"/>`;
}

/** A polyline whose corners are rounded. */
function roundedPath(points: readonly { readonly x: number; readonly y: number }[]): string {
  const [start, ...rest] = points;
  let path = `M${round1(start!.x)} ${round1(start!.y)}`;
  rest.forEach((point, i) => {
    const next = rest[i + 1];
    const before = points[i]!;
    if (next === undefined) {
      path += ` L${round1(point.x)} ${round1(point.y)}`;
      return;
    }
    const [into, out] = [towards(point, before), towards(point, next)];
    path += ` L${into} Q${round1(point.x)} ${round1(point.y)} ${out}`;
  });
  return path;
}

/** The point on the way from `from` to `to` at which a corner starts. */
function towards(from: { x: number; y: number }, to: { x: number; y: number }): string {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const part = Math.min(CORNER, length / 2) / length;
  return `${round1(from.x + (to.x - from.x) * part)} ${round1(from.y + (to.y - from.y) * part)}`;
}

function drawLabel(
  box:
    | {
        readonly x?: number;
        readonly y?: number;
        readonly width?: number;
        readonly height?: number;
      }
    | undefined,
  lines: readonly string[],
): string {
  if (box === undefined || lines.length === 0) return '';
  const [x, y, width, height] = [box.x ?? 0, box.y ?? 0, box.width ?? 0, box.height ?? 0];
  const texts = lines.map(
    (line, i) =>
      `<text class="label" fill="#5b6470" x="${round1(x + width / 2)}" y="${round1(y + 13 + i * LINE_HEIGHT)}" font-size="11" text-anchor="middle">${escapeXml(line)}</text>`,
  );
  const plate = `<rect class="plate" fill="#ffffff" x="${round1(x)}" y="${round1(y)}" width="${width}" height="${height}" rx="4"/>`;
  return plate + texts.join('');
}

function drawLegend(y: number): string {
  const entries: readonly [Effects, string][] = [
    ['pure', 'pure'],
    ['read_only', 'reads the outside'],
    ['effectful', 'changes the outside'],
  ];
  let x = MARGIN;
  return entries
    .map(([effects, text]) => {
      const part = `<rect class="${effects}" fill="${ACCENT[effects]}" x="${x}" y="${y - 9}" width="10" height="10" rx="2"/><text class="muted" fill="#5b6470" x="${x + 16}" y="${y}" font-size="11">${text}</text>`;
      x += 36 + textWidth(text, 11);
      return part;
    })
    .join('');
}

/** The flow in words, for those who hear it. */
function describe(picture: FlowPicture): string {
  const edges = picture.edges.slice(0, 100).map((edge) => {
    const labels = [...edge.routing, ...edge.terms].join(', ');
    const ends = `${picture.nodes[edge.from]!.name} to ${picture.nodes[edge.to]!.name}`;
    return labels === '' ? ends : `${ends} (${labels})`;
  });
  const more = picture.edges.length > 100 ? `; and ${picture.edges.length - 100} more` : '';
  const summary = picture.summary === '' ? '' : `${picture.summary}. `;
  return `${summary}${picture.nodes.length} nodes, ${picture.edges.length} edges: ${edges.join('; ')}${more}`;
}

function round1(n: number): number {
  return Math.round(n * 10) / 10;
}

/** Text for XML content and attributes. What XML 1.0 cannot hold is written as \u escapes. */
function escapeXml(text: string): string {
  return printable(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
