// All flows of the host.
import type { FlowEntry } from '../../viewer-protocol.js';
import { loadFlows } from '../api.js';
import { usePageTitle } from '../parts/page-title.js';
import { ProblemBox } from '../parts/problem-box.js';
import { flowHref, runsHref } from '../route.js';
import { useLoad } from '../use-load.js';

const REFRESH_MS = 3000;

export function FlowsPage() {
  usePageTitle('Flows');
  const { value, error, reload } = useLoad(loadFlows, REFRESH_MS);
  return (
    <>
      <div class="page-head">
        <h1>Flows</h1>
        {value !== undefined && <p class="count">{countText(value.flows.length)}</p>}
      </div>
      {error !== undefined && <ProblemBox error={error} onRetry={reload} />}
      {value === undefined && error === undefined && <p role="status">Loading{'\u2026'}</p>}
      {value !== undefined && value.flows.length === 0 && (
        <p class="empty">There is no flow here that you may see.</p>
      )}
      <ul class="cards">
        {value?.flows.map((flow) => (
          <FlowCard key={flow.id} flow={flow} />
        ))}
      </ul>
    </>
  );
}

function countText(count: number): string {
  return count === 1 ? '1 flow' : `${count} flows`;
}

function FlowCard({ flow }: { flow: FlowEntry }) {
  const { counts } = flow;
  const total = counts.running + counts.completed + counts.failed + counts.cancelled;
  return (
    <li class="card">
      <h2>
        <a class="card-link" href={flowHref(flow.id)}>
          {flow.name}
        </a>
        <span class="version">{flow.version}</span>
      </h2>
      <p class="card-summary">{flow.summary}</p>
      <ul class="tags" aria-label="Facts">
        {flow.triggers.map(({ alias, kind, route }) => (
          <li class="tag" key={alias}>
            {route === '' ? kind : <code>{route}</code>}
          </li>
        ))}
        <li class="tag">{flow.profile}</li>
        <li class="tag">
          {flow.node_count} nodes, {flow.edge_count} edges
        </li>
      </ul>
      <p class="card-runs">
        {total === 0 ? (
          'No runs yet'
        ) : (
          <>
            <a href={runsHref({ flow: flow.id })}>{total === 1 ? '1 run' : `${total} runs`}</a>
            {counts.running > 0 && <span class="status-running">{counts.running} running</span>}
            {counts.failed > 0 && <span class="status-failed">{counts.failed} failed</span>}
          </>
        )}
      </p>
    </li>
  );
}
