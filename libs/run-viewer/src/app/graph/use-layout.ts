// The layout of a graph, computed in a worker; undefined until it is there.
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { GraphPicture } from '../../viewer-protocol.js';
import { computeLayout } from '../layout/compute-layout.js';
import type { GraphLayout } from '../layout/graph-layout.js';
import { LABEL_CHARACTER, MAX_LABEL } from './graph-edge.js';
import { NODE_HEIGHT, NODE_WIDTH } from './node-shape.js';

export interface LaidOut {
  readonly layout: GraphLayout | undefined;
  readonly error: string | undefined;
}

/** @param isWide whether the flow runs to the right, else downwards */
export function useLayout(graph: GraphPicture, isWide: boolean): LaidOut {
  const [state, setState] = useState<LaidOut>({ layout: undefined, error: undefined });
  const input = useMemo(() => {
    const index = new Map(graph.nodes.map(({ alias }, i) => [alias, i]));
    return {
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
      nodes: graph.nodes.length,
      direction: isWide ? 'right' : 'down',
      edges: graph.edges.map(({ from, to, routing }) => ({
        from: index.get(from)!,
        to: index.get(to)!,
        labelWidth: labelWidth(routing.join(', ')),
      })),
    } as const;
  }, [graph, isWide]);
  useEffect(() => {
    const controller = new AbortController();
    setState({ layout: undefined, error: undefined });
    computeLayout(input, controller.signal).then(
      (layout) => {
        if (!controller.signal.aborted) setState({ layout, error: undefined });
      },
      (error: Error) => {
        if (!controller.signal.aborted) setState({ layout: undefined, error: error.message });
      },
    );
    return () => controller.abort();
  }, [input]);
  return state;
}

function labelWidth(text: string): number {
  return text === '' ? 0 : Math.min(text.length, MAX_LABEL) * LABEL_CHARACTER + 14;
}
