// Which node has the focus, and that it can be seen.
import { useCallback, useEffect, useRef, useState, type MutableRef } from 'preact/hooks';
import type { GraphPicture } from '../../viewer-protocol.js';
import type { GraphLayout } from '../layout/graph-layout.js';
import { NODE_BOX } from './graph-node.js';
import type { ViewportControl } from './use-viewport.js';
import { reveal } from './viewport.js';

export interface GraphFocus {
  /** Index of the node that the Tab key leads to. */
  readonly focused: number;
  setFocused(index: number): void;
  /** Gives the focus to a node and shows it. */
  focusNode(index: number): void;
}

export function useGraphFocus(
  frame: MutableRef<HTMLElement | null>,
  graph: GraphPicture,
  layout: GraphLayout | undefined,
  selected: string | undefined,
  { screen, isMoved, setView }: ViewportControl,
): GraphFocus {
  const [focused, setFocused] = useState(0);
  const isMeasured = screen.width > 0;

  useEffect(() => {
    const at = graph.nodes.findIndex(({ alias }) => alias === selected);
    const place = layout?.nodes[at];
    if (place === undefined || !isMeasured) return;
    setFocused(at);
    setView((now) => reveal(now, { ...place, ...NODE_BOX }, screen));
  }, [graph, layout, selected, screen, isMeasured, setView]);

  const focusNode = useCallback(
    (index: number) => {
      const place = layout?.nodes[index];
      if (place === undefined) return;
      isMoved.current = true;
      setFocused(index);
      setView((now) => reveal(now, { ...place, ...NODE_BOX }, screen));
      // It may be drawn only now.
      requestAnimationFrame(() => {
        const shape = `[data-index="${index}"] [role="button"]`;
        frame.current?.querySelector<SVGElement>(shape)?.focus({ preventScroll: true });
      });
    },
    [frame, layout, screen, isMoved, setView],
  );

  const last = useRef(selected);
  useEffect(() => {
    const isClosed = last.current !== undefined && selected === undefined;
    last.current = selected;
    // The card of the node took the focus with it.
    if (isClosed && document.activeElement === document.body) focusNode(focused);
  }, [selected, focused, focusNode]);

  return { focused, setFocused, focusNode };
}
