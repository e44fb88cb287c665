// The graph as tables: the same for those who do not see it, or want to search in it.
import { useState } from 'preact/hooks';
import type { GraphPicture } from '../../viewer-protocol.js';
import { durationText } from '../duration-text.js';
import { effectsText } from './graph-node.js';
import { edgeLabel, STATE_TEXT, type GraphOverlay } from './node-overlay.js';

export interface GraphTablesProps {
  readonly graph: GraphPicture;
  readonly overlay?: GraphOverlay | undefined;
  onSelect(alias: string): void;
}

export function GraphTables(props: GraphTablesProps) {
  const { graph } = props;
  // Tables of thousands of rows are made only when they are asked for.
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      class="panel"
      onToggle={(event) => setOpen((event.currentTarget as HTMLDetailsElement).open)}
    >
      <summary>
        Graph as tables ({graph.nodes.length} nodes, {graph.edges.length} edges)
      </summary>
      {isOpen && (
        <div class="panel-body">
          <NodeTable {...props} />
          <EdgeTable {...props} />
        </div>
      )}
    </details>
  );
}

function NodeTable({ graph, overlay, onSelect }: GraphTablesProps) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Nodes">
      <table class="table">
        <caption>Nodes</caption>
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col">Kind</th>
            <th scope="col">Effects</th>
            {overlay === undefined ? (
              <th scope="col">Notes</th>
            ) : (
              <>
                <th scope="col">State</th>
                <th scope="col">Attempts</th>
                <th scope="col">Mean time</th>
                <th scope="col">Retries</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {graph.nodes.map((node) => {
            const status = overlay?.nodeOf(node.alias);
            const state = overlay?.stateOf(node.alias) ?? '';
            return (
              <tr key={node.alias}>
                <th scope="row">
                  <button type="button" class="link" onClick={() => onSelect(node.alias)}>
                    {node.alias}
                  </button>
                </th>
                <td>{node.kind}</td>
                <td>{effectsText(node.effects)}</td>
                {overlay === undefined ? (
                  <td>{node.notes.join(', ')}</td>
                ) : (
                  <>
                    <td>{STATE_TEXT[state] ?? state}</td>
                    <td>{status?.started ?? 0}</td>
                    <td>{status?.mean_ms == null ? '' : durationText(status.mean_ms)}</td>
                    <td>{status?.retries ?? 0}</td>
                  </>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function EdgeTable({ graph, overlay }: GraphTablesProps) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Edges">
      <table class="table">
        <caption>Edges</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Delivery</th>
            <th scope="col">Taken when</th>
            {overlay !== undefined && (
              <>
                <th scope="col">Messages</th>
                <th scope="col">Queued</th>
                <th scope="col">Longest queue</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {graph.edges.map((edge, i) => {
            const status = overlay?.edgeOf(edgeLabel(edge.from, edge.to));
            return (
              <tr key={i}>
                <th scope="row">{edge.from}</th>
                <td>{edge.to}</td>
                <td>{edge.delivery.replaceAll('_', ' ')}</td>
                <td>{[...edge.routing, ...edge.terms].join(', ')}</td>
                {overlay !== undefined && (
                  <>
                    <td>{status?.passed ?? 0}</td>
                    <td>{status?.depth ?? 0}</td>
                    <td>{status?.max_depth ?? 0}</td>
                  </>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
