// What is known of one node, beside the graph.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Finding, GraphNode } from '../../viewer-protocol.js';

export interface NodeCardProps {
  readonly node: GraphNode;
  readonly findings: readonly Finding[];
  /** What a run adds. */
  readonly children?: ComponentChildren;
  onClose(): void;
}

export function NodeCard({ node, findings, children, onClose }: NodeCardProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Whoever opened it by keyboard goes on here; on a phone the card is below the graph.
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <aside
      class="side"
      aria-label={`Node ${node.alias}`}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <div class="side-head">
        <h2 ref={heading} tabIndex={-1}>
          {node.alias}
        </h2>
        <button type="button" class="icon-button" aria-label="Close node" onClick={onClose}>
          {'\u2715'}
        </button>
      </div>
      {node.name !== node.alias && <p class="hint">{node.name}</p>}
      {node.summary !== '' && <p>{node.summary}</p>}
      {node.notes.length > 0 && (
        <ul class="tags" aria-label="Notes">
          {node.notes.map((note) => (
            <li class="tag" key={note}>
              {note}
            </li>
          ))}
        </ul>
      )}
      {findings.map((finding, i) => (
        <div key={i} class={`notice severity-${finding.severity}`}>
          <p>
            <code>{finding.code}</code> {finding.message}
          </p>
        </div>
      ))}
      {children}
      <dl class="facts">
        {node.facts.map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {label === 'Effects' && (
                <span class={`dot effects-${node.effects}`} aria-hidden="true" />
              )}
              {label === 'Effects' ? text.replaceAll('_', ' ') : text}
            </dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}
