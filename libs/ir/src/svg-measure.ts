// How much room text takes in the picture. No font is at hand, so widths are estimates for a common
// sans-serif, on the wide side.
import type { PictureEdge, PictureNode } from './flow-picture.js';

/** Distance of two lines of small text, in pixels. */
export const LINE_HEIGHT = 15;
/** Room left of a node's text: accent bar and padding, in pixels. */
export const TEXT_LEFT = 20;
const TEXT_RIGHT = 16;
const MAX_TITLE = 34;
const MAX_LINE = 40;

/** Estimated width of text, in pixels. */
export function textWidth(text: string, size: number): number {
  let units = 0;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    // Han, Hangul, kana and emoji take a full square.
    units += code >= 0x1100 && (code >= 0x1f000 || (code >= 0x2e80 && code < 0xfb00)) ? 1.05 : 0.57;
  }
  return Math.ceil(units * size);
}

/** The text, cut to so many characters. */
export function shorten(text: string, limit: number): string {
  const chars = [...text];
  return chars.length <= limit ? text : `${chars.slice(0, limit - 3).join('')}...`;
}

/** The lines on a node: its name, alias and kind, then its notes. */
export function nodeLines(node: PictureNode): { readonly title: string; readonly lines: string[] } {
  const kind = node.name === node.alias ? node.kind : `${node.alias}, ${node.kind}`;
  return {
    title: shorten(node.name, MAX_TITLE),
    lines: [kind, ...node.notes].map((line) => shorten(line, MAX_LINE)),
  };
}

/** The size of a node, in pixels. */
export function nodeSize(node: PictureNode): { readonly width: number; readonly height: number } {
  const { title, lines } = nodeLines(node);
  const widest = Math.max(textWidth(title, 13.5), ...lines.map((line) => textWidth(line, 11)));
  return {
    width: Math.max(120, widest + TEXT_LEFT + TEXT_RIGHT),
    height: 18 + 16 + lines.length * LINE_HEIGHT,
  };
}

/** The lines of an edge's label: routing first. */
export function edgeLabelLines(edge: PictureEdge): string[] {
  return [...edge.routing, ...edge.terms].map((line) => shorten(line, MAX_LINE));
}
