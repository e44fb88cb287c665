// The layout of a graph, computed in a worker; undefined until it is there.
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { GraphPicture } from '../../viewer-protocol.js';
import { computeLayout } from '../layout/compute-layout.js';
import type { GraphLayout } from '../layout/graph-layout.js';
import { LABEL_CHARACTER, MAX_LABEL } from './graph-edge.js';
import { NODE_HEIGHT, NODE_WIDTH } from './node-shape.js';

export interface LaidOut {
  readonly layout: GraphLayout | undefined;
  readonly direction: 'right' | 'down';
  readonly error: string | undefined;
}

/** Room for a text such as "12 queued", in pixels. */
const COUNT_WIDTH = 64;
const NOTHING = { layout: undefined, error: undefined };

/** @param isWide whether the flow runs to the right, else downwards
 * @param isRun whether lines need room for counts */
export function useLayout(graph: GraphPicture, isWide: boolean, isRun: boolean): LaidOut {
  const direction = isWide ? 'right' : 'down';
  const [state, setState] = useState<LaidOut>({ ...NOTHING, direction });
  const input = useMemo(() => {
    const index = new Map(graph.nodes.map(({ alias }, i) => [alias, i]));
    return {
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
      nodes: graph.nodes.length,
      direction,
      edges: graph.edges.map(({ from, to, routing }) => ({
        from: index.get(from)!,
        to: index.get(to)!,
        labelWidth: labelWidth(routing.join(', '), isRun),
      })),
    } as const;
  }, [graph, direction, isRun]);
  useEffect(() => {
    const controller = new AbortController();
    const { direction } = input;
    setState({ ...NOTHING, direction });
    computeLayout(input, controller.signal).then(
      (layout) => {
        if (!controller.signal.aborted) setState({ layout, direction, error: undefined });
      },
      (error: Error) => {
        if (!controller.signal.aborted) setState({ ...NOTHING, direction, error: error.message });
      },
    );
    return () => controller.abort();
  }, [input]);
  return state;
}

function labelWidth(text: string, isRun: boolean): number {
  const least = isRun ? COUNT_WIDTH : 0;
  return text === ''
    ? least
    : Math.max(least, Math.min(text.length, MAX_LABEL) * LABEL_CHARACTER + 14);
}
