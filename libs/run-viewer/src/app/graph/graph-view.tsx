// A graph that can be panned, zoomed and walked by keyboard.
import { useEffect, useRef } from 'preact/hooks';
import type { GraphLayout } from '../layout/graph-layout.js';
import { ArrowHeads, Drawing, type GraphContent } from './graph-drawing.js';
import { graphAction, type GraphActions } from './graph-keys.js';
import { GraphTools } from './graph-tools.js';
import { nearestNode } from './nearest-node.js';
import { useGraphFocus } from './use-graph-focus.js';
import { useLayout, type LaidOut } from './use-layout.js';
import { useViewport, type ViewportControl } from './use-viewport.js';
import { drawnArea, fitViewport, startViewport } from './viewport.js';

export interface GraphViewProps extends GraphContent {
  readonly label: string;
  onSelect(alias: string | undefined): void;
}

/** Below this width the flow is drawn downwards, in pixels. */
const NARROW = 620;
/** Text is not drawn below this scale. */
const LEGIBLE = 0.42;
/** A graph that would be smaller than this as a whole starts with its beginning. */
const COMFORTABLE = 0.62;

export function GraphView(props: GraphViewProps) {
  const { graph, selected, onSelect } = props;
  const frame = useRef<HTMLDivElement>(null);
  const viewport = useViewport(frame);
  const { screen } = viewport;
  const isWide = screen.width === 0 || screen.width >= NARROW;
  const laidOut = useLayout(graph, isWide, props.overlay !== undefined);
  const { layout } = laidOut;
  useStartView(layout, viewport);
  const { focused, setFocused, focusNode } = useGraphFocus(
    frame,
    graph,
    layout,
    selected,
    viewport,
  );
  const places = layout?.nodes ?? [];
  const actions: GraphActions = {
    move: (direction) => focusNode(nearestNode(places, focused, direction) ?? focused),
    first: () => focusNode(0),
    last: () => focusNode(graph.nodes.length - 1),
    open: () => onSelect(graph.nodes[focused]?.alias),
    close: () => onSelect(undefined),
    zoom: viewport.zoom,
    fit: () => layout !== undefined && viewport.show(fitViewport(layout, screen)),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const action = graphAction(event.key, actions);
    if (action === undefined) return;
    event.preventDefault();
    action();
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
      <div
        class="graph-frame"
        ref={frame}
        style={{ '--graph-height': heightFor(layout, screen.width) }}
        onClick={onClick}
        onKeyDown={onKeyDown}
      >
        <GraphCanvas {...props} viewport={viewport} laidOut={laidOut} focused={focused} />
      </div>
      <GraphTools onZoom={actions.zoom} onFit={actions.fit} isRun={props.overlay !== undefined} />
    </div>
  );
}

interface GraphCanvasProps extends GraphViewProps {
  readonly viewport: ViewportControl;
  readonly laidOut: LaidOut;
  readonly focused: number;
}

function GraphCanvas(props: GraphCanvasProps) {
  const { label, viewport, laidOut, focused } = props;
  const { view, screen } = viewport;
  const { layout, direction, error } = laidOut;
  if (layout === undefined || screen.width === 0) {
    return (
      <p class="graph-wait" role="status">
        {error ?? 'Drawing the graph\u2026'}
      </p>
    );
  }
  return (
    <svg
      class="graph-svg"
      width={screen.width}
      height={screen.height}
      role="group"
      aria-label={`${label}. ${KEYS_IN_WORDS}`}
    >
      <ArrowHeads />
      <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
        <Drawing
          {...props}
          layout={layout}
          area={drawnArea(view, screen)}
          isSmall={view.scale < LEGIBLE}
          focused={focused}
          direction={direction}
        />
      </g>
    </svg>
  );
}

const KEYS_IN_WORDS =
  'Arrow keys move between nodes, Enter opens one, plus and minus zoom, 0 shows all.';

/** Shows a new layout from its beginning, and again in a new size until somebody moves it. */
function useStartView(layout: GraphLayout | undefined, viewport: ViewportControl): void {
  const { screen, isMoved, setView } = viewport;
  useEffect(() => {
    isMoved.current = false;
  }, [layout, isMoved]);
  useEffect(() => {
    if (layout === undefined || screen.width === 0 || isMoved.current) return;
    setView(startViewport(layout, screen, COMFORTABLE));
  }, [layout, screen, isMoved, setView]);
}

/** As high as the drawing needs, within bounds, so that a short flow leaves room for what is below. */
function heightFor(layout: GraphLayout | undefined, width: number): string {
  if (layout === undefined || width === 0) return '300px';
  const scale = Math.max(COMFORTABLE, Math.min(1, (width - 48) / Math.max(1, layout.width)));
  return `clamp(260px, ${Math.round(layout.height * scale + 130)}px, 62vh)`;
}
