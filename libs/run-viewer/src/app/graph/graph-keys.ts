// What the keys do on a graph.
import type { Direction } from './nearest-node.js';

export interface GraphActions {
  move(direction: Direction): void;
  first(): void;
  last(): void;
  open(): void;
  close(): void;
  zoom(factor: number): void;
  fit(): void;
}

/** The action of a key; undefined where it has none. */
export function graphAction(key: string, actions: GraphActions): (() => void) | undefined {
  switch (key) {
    case 'ArrowLeft':
      return () => actions.move('left');
    case 'ArrowRight':
      return () => actions.move('right');
    case 'ArrowUp':
      return () => actions.move('up');
    case 'ArrowDown':
      return () => actions.move('down');
    case 'Home':
      return actions.first;
    case 'End':
      return actions.last;
    case 'Enter':
    case ' ':
      return actions.open;
    case 'Escape':
      return actions.close;
    case '+':
    case '=':
      return () => actions.zoom(1.25);
    case '-':
      return () => actions.zoom(0.8);
    case '0':
      return actions.fit;
    default:
      return undefined;
  }
}
