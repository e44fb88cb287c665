// One node of a graph.
import { memo } from '../parts/memo.js';
import type { GraphNode, NodeStatus } from '../../viewer-protocol.js';
import type { Point } from '../layout/graph-layout.js';
import { STATE_SIGN, STATE_TEXT, statusLine } from './node-overlay.js';
import { fitText, NODE_HEIGHT, NODE_WIDTH, outline, textLeft } from './node-shape.js';

export interface NodeBoxProps {
  readonly node: GraphNode;
  readonly index: number;
  readonly place: Point;
  /** Empty outside of runs. */
  readonly state: string;
  readonly status: NodeStatus | undefined;
  /** Severity of the worst finding; empty where there is none. */
  readonly finding: string;
  readonly isSelected: boolean;
  readonly isFocusable: boolean;
  /** Seen from far away: text could not be read. */
  readonly isSmall: boolean;
}

/** The node in words, for screen readers. */
export function nodeLabel(node: GraphNode, state: string, status: NodeStatus | undefined): string {
  const parts = [node.alias, node.kind, effectsText(node.effects), ...node.notes];
  if (state !== '') parts.push(STATE_TEXT[state] ?? state);
  const line = statusLine(status);
  if (line !== '') parts.push(line);
  return parts.join(', ');
}

export function effectsText(effects: string): string {
  return effects.replaceAll('_', ' ');
}

export const NodeBox = memo(function NodeBox(props: NodeBoxProps) {
  const { node, index, place, state, status, finding, isSelected, isFocusable, isSmall } = props;
  const stateClass = state === '' ? '' : ` state-${state}`;
  const left = textLeft(node.kind);
  return (
    <g
      class={`node kind-${node.kind} effects-${node.effects}${stateClass}${isSelected ? ' is-selected' : ''}`}
      transform={`translate(${place.x} ${place.y})`}
      data-index={index}
    >
      <path class="node-focus" d={outline(node.kind, -4)} />
      <path
        class="node-body"
        d={outline(node.kind)}
        role="button"
        tabindex={isFocusable ? 0 : -1}
        aria-label={nodeLabel(node, state, status)}
        aria-pressed={isSelected}
      />
      {node.kind === 'subflow' && <path class="node-inner" d={outline('inline', 4)} />}
      {isSmall ? (
        <rect class="node-far" x={left} y="26" width={NODE_WIDTH - 2 * left} height="20" rx="3" />
      ) : (
        <NodeText node={node} left={left} state={state} status={status} />
      )}
      {finding !== '' && (
        <g class={`node-finding severity-${finding}`} transform={`translate(${NODE_WIDTH - 16} 0)`}>
          <circle r="10" />
          <text y="5" text-anchor="middle">
            !
          </text>
        </g>
      )}
    </g>
  );
});

interface NodeTextProps {
  readonly node: GraphNode;
  readonly left: number;
  readonly state: string;
  readonly status: NodeStatus | undefined;
}

function NodeText({ node, left, state, status }: NodeTextProps) {
  const room = NODE_WIDTH - 2 * left;
  const note = node.notes.join(' \u00b7 ');
  const line = statusLine(status);
  return (
    <g aria-hidden="true">
      <text class="node-title" x={left} y="23">
        {fitText(node.alias, room, 7.4)}
      </text>
      <circle class="effects-mark" cx={left + 4} cy="36.5" r="4" />
      <text class="node-meta" x={left + 13} y="40.5">
        {fitText(`${node.kind} \u00b7 ${effectsText(node.effects)}`, room - 13, 6.2)}
      </text>
      {state === '' ? (
        <text class="node-note" x={left} y="58.5">
          {fitText(note, room, 6.2)}
        </text>
      ) : (
        <text class="node-state" x={left} y="58.5">
          <tspan class="state-sign">{STATE_SIGN[state]}</tspan>
          <tspan dx="5">{STATE_TEXT[state] ?? state}</tspan>
          {line !== '' && (
            <tspan class="node-line" dx="6">
              {fitText(line, room - 60, 6.2)}
            </tspan>
          )}
        </text>
      )}
    </g>
  );
}

export const NODE_BOX = { width: NODE_WIDTH, height: NODE_HEIGHT };
