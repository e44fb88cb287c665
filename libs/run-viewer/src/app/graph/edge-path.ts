// Lines as SVG paths: straight with rounded corners where the layout is orthogonal, else curves.
import type { Point } from '../layout/graph-layout.js';

const CORNER = 10;

/** A path through the points. */
export function edgePath(points: readonly Point[], direction: 'right' | 'down'): string {
  if (points.length < 2) return '';
  return isOrthogonal(points) ? roundedPath(points) : curvedPath(points, direction);
}

/** The middle of the line, by length. */
export function middleOf(points: readonly Point[]): Point {
  let total = 0;
  for (let i = 1; i < points.length; i += 1) total += distance(points[i - 1]!, points[i]!);
  let left = total / 2;
  for (let i = 1; i < points.length; i += 1) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const length = distance(a, b);
    if (left <= length && length > 0) {
      const part = left / length;
      return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
    }
    left -= length;
  }
  return points[0] ?? { x: 0, y: 0 };
}

function isOrthogonal(points: readonly Point[]): boolean {
  return points.every((point, i) => {
    const last = points[i - 1];
    return last === undefined || isSame(point.x, last.x) || isSame(point.y, last.y);
  });
}

function roundedPath(points: readonly Point[]): string {
  const parts = [`M${text(points[0]!)}`];
  for (let i = 1; i < points.length - 1; i += 1) {
    const [before, corner, after] = [points[i - 1]!, points[i]!, points[i + 1]!];
    const radius = Math.min(CORNER, distance(before, corner) / 2, distance(corner, after) / 2);
    parts.push(`L${text(towards(corner, before, radius))}`);
    parts.push(`Q${text(corner)} ${text(towards(corner, after, radius))}`);
  }
  parts.push(`L${text(points.at(-1)!)}`);
  return parts.join('');
}

function curvedPath(points: readonly Point[], direction: 'right' | 'down'): string {
  const parts = [`M${text(points[0]!)}`];
  for (let i = 1; i < points.length; i += 1) {
    const [a, b] = [points[i - 1]!, points[i]!];
    if (direction === 'right') {
      const half = (b.x - a.x) / 2;
      parts.push(
        `C${text({ x: a.x + half, y: a.y })} ${text({ x: b.x - half, y: b.y })} ${text(b)}`,
      );
    } else {
      const half = (b.y - a.y) / 2;
      parts.push(
        `C${text({ x: a.x, y: a.y + half })} ${text({ x: b.x, y: b.y - half })} ${text(b)}`,
      );
    }
  }
  return parts.join('');
}

function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to);
  if (length === 0) return from;
  return {
    x: from.x + ((to.x - from.x) * by) / length,
    y: from.y + ((to.y - from.y) * by) / length,
  };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) < 0.5;
}

function text({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}
