// One line of a graph, with its label.
import { memo } from '../parts/memo.js';
import type { EdgeStatus, GraphEdge } from '../../viewer-protocol.js';
import type { Point } from '../layout/graph-layout.js';
import { edgePath, middleOf } from './edge-path.js';
import { edgeLine } from './node-overlay.js';
import { fitText } from './node-shape.js';

/** Longest label, in characters, and the width of one in pixels. */
export const MAX_LABEL = 28;
export const LABEL_CHARACTER = 6.2;

export interface EdgeLineProps {
  readonly edge: GraphEdge;
  readonly points: readonly Point[];
  readonly labelAt: Point | undefined;
  readonly direction: 'right' | 'down';
  readonly isRun: boolean;
  readonly status: EdgeStatus | undefined;
  readonly isSmall: boolean;
}

export const EdgeLine = memo(function EdgeLine(props: EdgeLineProps) {
  const { edge, points, labelAt, direction, isRun, status, isSmall } = props;
  const passed = isRun && status !== undefined && status.passed > 0;
  const isQueued = status !== undefined && status.depth > 0;
  const use = isRun ? (passed ? ' is-used' : ' is-unused') : '';
  const label = fitText(edge.routing.join(', '), MAX_LABEL * LABEL_CHARACTER, LABEL_CHARACTER);
  const live = edgeLine(status);
  const at = labelAt ?? middleOf(points);
  return (
    <g class={`edge delivery-${edge.delivery}${use}${isQueued ? ' is-queued' : ''}`}>
      <path class="edge-line" d={edgePath(points, direction)} marker-end="url(#arrow)" />
      {!isSmall && label !== '' && <Plate at={at} text={label} name="edge-label" />}
      {!isSmall && live !== '' && (
        <Plate
          at={label === '' ? at : { x: at.x, y: at.y + 20 }}
          text={live}
          name={isQueued ? 'edge-count is-queued' : 'edge-count'}
        />
      )}
    </g>
  );
});

function Plate({ at, text, name }: { at: Point; text: string; name: string }) {
  const width = text.length * LABEL_CHARACTER + 12;
  return (
    <g class={name} transform={`translate(${at.x} ${at.y})`}>
      <rect x={-width / 2} y="-9" width={width} height="18" rx="9" />
      <text y="4" text-anchor="middle">
        {text}
      </text>
    </g>
  );
}
