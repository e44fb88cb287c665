// A layered layout for graphs that are too large for ELK to draw in time: longest-path layers, dummies
// on long edges, a few sweeps of barycentres for the order (Sugiyama et al., 1981), and places that pull
// each node to the middle of its neighbours without overlap. Linear in nodes and dummies, but for
// sorting.
import type { GraphLayout, LayoutInput, Point } from './graph-layout.js';
import { backwardArcs, longestPathLayers, type Arc } from './layer-assignment.js';

const LAYER_GAP = 90;
const NODE_GAP = 26;
const DUMMY_SIZE = 10;
const ORDER_SWEEPS = 6;
const PLACE_SWEEPS = 8;
/** Longer edges are drawn straight: a dummy in each of so many layers would be more than the nodes. */
const MAX_SPAN = 60;

/** A node or a dummy. Positions are along the layer. */
interface Cell {
  readonly size: number;
  readonly layer: number;
  readonly before: Cell[];
  readonly after: Cell[];
  order: number;
  at: number;
}

export function fastLayout(input: LayoutInput): GraphLayout {
  const isRight = input.direction === 'right';
  const breadth = isRight ? input.height : input.width;
  const depth = isRight ? input.width : input.height;
  const { cells, chains, layers } = layered(input, breadth);
  orderLayers(layers);
  placeLayers(layers);
  const start = Math.min(...cells.map((cell) => cell.at - cell.size / 2), 0);
  const corner = (cell: Cell): Point => {
    const along = cell.at - cell.size / 2 - start;
    const ahead = cell.layer * (depth + LAYER_GAP);
    return isRight ? { x: ahead, y: along } : { x: along, y: ahead };
  };
  const nodes = cells.map(corner);
  const middleOf = (cell: Cell): Point => {
    const along = cell.at - start;
    const ahead = cell.layer * (depth + LAYER_GAP) + depth / 2;
    return isRight ? { x: ahead, y: along } : { x: along, y: ahead };
  };
  const edges = chains.map((chain) => chainPoints(chain, middleOf, depth, isRight));
  return {
    width: Math.max(0, ...nodes.map(({ x }) => x)) + input.width,
    height: Math.max(0, ...nodes.map(({ y }) => y)) + input.height,
    nodes,
    edges,
    labels: edges.map(() => undefined),
  };
}

interface Layered {
  readonly cells: readonly Cell[];
  /** The cells that each edge leads through, in its own direction. */
  readonly chains: readonly (readonly Cell[])[];
  readonly layers: readonly Cell[][];
}

function layered({ nodes, edges }: LayoutInput, breadth: number): Layered {
  const backward = backwardArcs(nodes, edges);
  const turned: Arc[] = edges.map(({ from, to }, i) =>
    backward[i] ? { from: to, to: from } : { from, to },
  );
  const layerOf = longestPathLayers(
    nodes,
    turned.filter(({ from, to }) => from !== to),
  );
  const layers: Cell[][] = [];
  const add = (layer: number, size: number): Cell => {
    const row = (layers[layer] ??= []);
    const cell: Cell = { size, layer, before: [], after: [], order: row.length, at: 0 };
    row.push(cell);
    return cell;
  };
  const cells = layerOf.map((layer) => add(layer, breadth));
  const chains = turned.map(({ from, to }, i) => {
    const chain = [cells[from]!];
    const [first, last] = [layerOf[from]!, layerOf[to]!];
    if (last - first <= MAX_SPAN) {
      for (let layer = first + 1; layer < last; layer += 1) chain.push(add(layer, DUMMY_SIZE));
    }
    chain.push(cells[to]!);
    for (let at = 1; at < chain.length; at += 1) {
      const [a, b] = [chain[at - 1]!, chain[at]!];
      if (a === b || b.layer - a.layer !== 1) continue;
      a.after.push(b);
      b.before.push(a);
    }
    return backward[i] ? chain.reverse() : chain;
  });
  return { cells, chains, layers };
}

/** Sorts each layer by the mean place of its neighbours, forwards and backwards in turn. */
function orderLayers(layers: readonly Cell[][]): void {
  for (let sweep = 0; sweep < ORDER_SWEEPS; sweep += 1) {
    const forwards = sweep % 2 === 0;
    const rows = forwards ? layers : [...layers].reverse();
    for (const row of rows) {
      const weight = new Map<Cell, number>();
      for (const cell of row) {
        const near = forwards ? cell.before : cell.after;
        weight.set(cell, near.length === 0 ? cell.order : mean(near.map(({ order }) => order)));
      }
      row.sort((a, b) => weight.get(a)! - weight.get(b)! || a.order - b.order);
      row.forEach((cell, i) => (cell.order = i));
    }
  }
}

/** Gives every cell a place: first side by side, then pulled to its neighbours, sweep by sweep. */
function placeLayers(layers: readonly Cell[][]): void {
  for (const row of layers) {
    let at = 0;
    for (const cell of row) {
      cell.at = at + cell.size / 2;
      at += cell.size + NODE_GAP;
    }
    for (const cell of row) cell.at -= (at - NODE_GAP) / 2;
  }
  for (let sweep = 0; sweep < PLACE_SWEEPS; sweep += 1) {
    const forwards = sweep % 2 === 0;
    const rows = forwards ? layers : [...layers].reverse();
    for (const row of rows) settle(row, (cell) => (forwards ? cell.before : cell.after));
  }
}

/** Moves the cells of a row as near to where their neighbours pull them as order and gaps allow: cells
 * that would overlap form blocks, which move as one to the mean of what their members want. */
function settle(row: readonly Cell[], neighbours: (cell: Cell) => readonly Cell[]): void {
  interface Block {
    /** Where the first member would be. */
    start: number;
    sum: number;
    count: number;
    length: number;
  }
  const blocks: Block[] = [];
  for (const cell of row) {
    const near = neighbours(cell);
    const wanted = (near.length === 0 ? cell.at : mean(near.map(({ at }) => at))) - cell.size / 2;
    let block: Block = { start: wanted, sum: wanted, count: 1, length: cell.size + NODE_GAP };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.start + last.length <= block.start) break;
      blocks.pop();
      const sum = last.sum + block.sum - block.count * last.length;
      const count = last.count + block.count;
      block = { start: sum / count, sum, count, length: last.length + block.length };
    }
    blocks.push(block);
  }
  let at = 0;
  for (const { start, count } of blocks) {
    let place = start;
    for (let member = 0; member < count; member += 1, at += 1) {
      const cell = row[at]!;
      cell.at = place + cell.size / 2;
      place += cell.size + NODE_GAP;
    }
  }
}

/** The line of an edge: from border to border, through the middles of its dummies. */
function chainPoints(
  chain: readonly Cell[],
  middleOf: (cell: Cell) => Point,
  depth: number,
  isRight: boolean,
): readonly Point[] {
  const middles = chain.map(middleOf);
  if (chain[0] === chain.at(-1)) return loopPoints(middles[0]!, chain[0]!.size, depth, isRight);
  const shift = (point: Point, by: number): Point =>
    isRight ? { x: point.x + by, y: point.y } : { x: point.x, y: point.y + by };
  const last = middles.length - 1;
  const isForward = chain[0]!.layer <= chain[last]!.layer;
  const half = (isForward ? 1 : -1) * (depth / 2);
  return middles.map((point, i) => {
    if (i === 0) return shift(point, half);
    return i === last ? shift(point, -half) : point;
  });
}

/** The line of an edge from a node to itself: out at the end, around, and in at the beginning. */
function loopPoints(
  middle: Point,
  breadth: number,
  depth: number,
  isRight: boolean,
): readonly Point[] {
  const [ahead, aside] = [depth / 2, breadth / 2 + NODE_GAP / 2];
  const out = LAYER_GAP / 5;
  const path = [
    [ahead, 0],
    [ahead + out, 0],
    [ahead + out, -aside],
    [-ahead - out, -aside],
    [-ahead - out, 0],
    [-ahead, 0],
  ] as const;
  return path.map(([along, across]) =>
    isRight
      ? { x: middle.x + along, y: middle.y + across }
      : { x: middle.x + across, y: middle.y + along },
  );
}

function mean(numbers: readonly number[]): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum / numbers.length;
}
