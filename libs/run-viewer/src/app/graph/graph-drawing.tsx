// The nodes and lines of a graph; only those near what can be seen.
import { useMemo } from 'preact/hooks';
import type { GraphPicture } from '../../viewer-protocol.js';
import type { GraphLayout } from '../layout/graph-layout.js';
import { EdgeLine } from './graph-edge.js';
import { NODE_BOX, NodeBox } from './graph-node.js';
import { edgeLabel, type GraphOverlay } from './node-overlay.js';
import { overlaps, type Box } from './viewport.js';

/** What a graph shows. */
export interface GraphContent {
  readonly graph: GraphPicture;
  readonly overlay?: GraphOverlay | undefined;
  /** Severity of the worst finding, by alias. */
  readonly findings: ReadonlyMap<string, string>;
  readonly selected: string | undefined;
}

export interface DrawingProps extends GraphContent {
  readonly layout: GraphLayout;
  readonly area: Box;
  readonly isSmall: boolean;
  readonly focused: number;
  readonly direction: 'right' | 'down';
}

export function Drawing(props: DrawingProps) {
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

export function ArrowHeads() {
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
