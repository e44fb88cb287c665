// A graph that can be panned, zoomed and walked by keyboard. Only what can be seen is drawn.
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { GraphPicture } from '../../viewer-protocol.js';
import type { GraphLayout } from '../layout/graph-layout.js';
import { EdgeLine } from './graph-edge.js';
import { NODE_BOX, NodeBox } from './graph-node.js';
import { GraphTools } from './graph-tools.js';
import { nearestNode, type Direction } from './nearest-node.js';
import { edgeLabel, type GraphOverlay } from './node-overlay.js';
import { useLayout } from './use-layout.js';
import { useViewport } from './use-viewport.js';
import { drawnArea, fitViewport, overlaps, reveal, startViewport, type Box } from './viewport.js';

export interface GraphViewProps {
  readonly label: string;
  readonly graph: GraphPicture;
  readonly overlay?: GraphOverlay | undefined;
  /** Severity of the worst finding, by alias. */
  readonly findings: ReadonlyMap<string, string>;
  readonly selected: string | undefined;
  onSelect(alias: string | undefined): void;
}

/** Below this width the flow is drawn downwards, in pixels. */
const NARROW = 620;
/** Text is not drawn below this scale, and a graph does not start smaller where it can be helped. */
const READABLE = 0.42;

const KEYS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export function GraphView(props: GraphViewProps) {
  const { graph, label, selected, onSelect } = props;
  const frame = useRef<HTMLDivElement>(null);
  const { view, screen, setView, zoom } = useViewport(frame);
  const isWide = screen.width === 0 || screen.width >= NARROW;
  const { layout, error } = useLayout(graph, isWide);
  const [focused, setFocused] = useState(0);
  const isMeasured = screen.width > 0;

  useEffect(() => {
    if (layout === undefined || !isMeasured) return;
    setView(startViewport(layout, screen, READABLE));
    // Only a new layout is shown anew; a new size of the screen keeps what is seen.
  }, [layout, isMeasured]);

  const fit = useCallback(() => {
    if (layout !== undefined) setView(fitViewport(layout, screen));
  }, [layout, screen, setView]);

  const focusNode = useCallback(
    (index: number) => {
      const place = layout?.nodes[index];
      if (place === undefined) return;
      setFocused(index);
      setView((now) => reveal(now, { ...place, ...NODE_BOX }, screen));
      // It may be drawn only now.
      requestAnimationFrame(() => {
        const element = frame.current?.querySelector<SVGGElement>(`[data-index="${index}"]`);
        element?.focus({ preventScroll: true });
      });
    },
    [layout, screen, setView],
  );

  // The card of a node was closed and took the focus with it.
  const last = useRef(selected);
  useEffect(() => {
    const isClosed = last.current !== undefined && selected === undefined;
    last.current = selected;
    if (isClosed && document.activeElement === document.body) focusNode(focused);
  }, [selected, focused, focusNode]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || layout === undefined) return;
    const action = keyAction(event.key);
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  const keyAction = (key: string): (() => void) | undefined => {
    const direction = KEYS[key];
    if (direction !== undefined) {
      return () => focusNode(nearestNode(layout!.nodes, focused, direction) ?? focused);
    }
    switch (key) {
      case 'Enter':
      case ' ':
        return () => onSelect(graph.nodes[focused]?.alias);
      case 'Escape':
        return () => onSelect(undefined);
      case 'Home':
        return () => focusNode(0);
      case 'End':
        return () => focusNode(graph.nodes.length - 1);
      case '+':
      case '=':
        return () => zoom(1.25);
      case '-':
        return () => zoom(0.8);
      case '0':
        return fit;
      default:
        return undefined;
    }
  };

  const onClick = (event: MouseEvent) => {
    const hit = (event.target as Element).closest<SVGGElement>('[data-index]');
    if (hit === null) return;
    const index = Number(hit.dataset['index']);
    setFocused(index);
    onSelect(graph.nodes[index]?.alias);
  };

  return (
    <div class="graph">
      <div class="graph-frame" ref={frame} onClick={onClick} onKeyDown={onKeyDown}>
        {layout !== undefined && isMeasured && (
          <svg
            class="graph-svg"
            width={screen.width}
            height={screen.height}
            role="group"
            aria-label={`${label}. Arrow keys move between nodes, Enter opens one, plus and minus zoom, 0 shows all.`}
          >
            <ArrowHeads />
            <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
              <Drawing
                {...props}
                layout={layout}
                area={drawnArea(view, screen)}
                isSmall={view.scale < READABLE * 0.98}
                focused={focused}
                direction={isWide ? 'right' : 'down'}
              />
            </g>
          </svg>
        )}
        {layout === undefined && (
          <p class="graph-wait" role="status">
            {error ?? 'Drawing the graph\u2026'}
          </p>
        )}
      </div>
      <GraphTools onZoom={zoom} onFit={fit} isRun={props.overlay !== undefined} />
      {selected === undefined && graph.nodes.length > 0 && (
        <p class="graph-hint" aria-hidden="true">
          Drag to move, Ctrl and wheel to zoom
        </p>
      )}
    </div>
  );
}

interface DrawingProps extends GraphViewProps {
  readonly layout: GraphLayout;
  readonly area: Box;
  readonly isSmall: boolean;
  readonly focused: number;
  readonly direction: 'right' | 'down';
}

function Drawing(props: DrawingProps) {
  const { graph, layout, overlay, findings, selected, area, isSmall, focused, direction } = props;
  const boxes = useMemo(() => layout.edges.map(boundsOf), [layout]);
  return (
    <>
      {graph.edges.map((edge, i) => {
        if (!overlaps(boxes[i]!, area)) return null;
        const name = edgeLabel(edge.from, edge.to);
        return (
          <EdgeLine
            key={i}
            edge={edge}
            points={layout.edges[i]!}
            labelAt={layout.labels[i]}
            direction={direction}
            isRun={overlay !== undefined}
            status={overlay?.edgeOf(name)}
            isSmall={isSmall}
          />
        );
      })}
      {graph.nodes.map((node, i) => {
        const place = layout.nodes[i]!;
        if (i !== focused && !overlaps({ ...place, ...NODE_BOX }, area)) return null;
        return (
          <NodeBox
            key={node.alias}
            node={node}
            index={i}
            place={place}
            state={overlay?.stateOf(node.alias) ?? ''}
            status={overlay?.nodeOf(node.alias)}
            finding={findings.get(node.alias) ?? ''}
            isSelected={node.alias === selected}
            isFocusable={i === focused}
            isSmall={isSmall}
          />
        );
      })}
    </>
  );
}

function ArrowHeads() {
  return (
    <defs>
      <marker
        id="arrow"
        viewBox="0 0 10 10"
        refX="9"
        refY="5"
        markerWidth="9"
        markerHeight="9"
        markerUnits="userSpaceOnUse"
        orient="auto-start-reverse"
      >
        <path class="arrow-head" d="M0 1L10 5L0 9z" />
      </marker>
    </defs>
  );
}

function boundsOf(points: GraphLayout['edges'][number]): Box {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return {
    x: x - 80,
    y: y - 20,
    width: Math.max(...xs) - x + 160,
    height: Math.max(...ys) - y + 40,
  };
}
