// Which node an arrow key leads to: the nearest in that direction, where what lies straight ahead is
// nearer than what lies aside.
import type { Point } from '../layout/graph-layout.js';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** A step aside counts as much as so many ahead. */
const ASIDE = 2.5;

/** The index of the next node; undefined where there is none that way. */
export function nearestNode(
  places: readonly Point[],
  from: number,
  direction: Direction,
): number | undefined {
  const start = places[from];
  if (start === undefined) return undefined;
  let best: number | undefined;
  let least = Infinity;
  places.forEach((place, i) => {
    if (i === from) return;
    const dx = place.x - start.x;
    const dy = place.y - start.y;
    const ahead = { left: -dx, right: dx, up: -dy, down: dy }[direction];
    const aside = Math.abs(direction === 'left' || direction === 'right' ? dy : dx);
    if (ahead <= 1) return;
    const distance = ahead + aside * ASIDE;
    if (distance < least) {
      least = distance;
      best = i;
    }
  });
  return best;
}
