// One flow: its graph, what was found in it, and how to start it.
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { Finding, FlowDetail } from '../../viewer-protocol.js';
import { loadFlow } from '../api.js';
import { GraphTables } from '../graph/graph-tables.js';
import { GraphView } from '../graph/graph-view.js';
import { HelpText } from '../parts/help-text.js';
import { NodeCard } from '../parts/node-card.js';
import { usePageTitle } from '../parts/page-title.js';
import { ProblemBox } from '../parts/problem-box.js';
import { StartDialog } from '../parts/start-dialog.js';
import { ValueView } from '../parts/value-view.js';
import { flowHref, runsHref } from '../route.js';
import { useLoad } from '../use-load.js';

export function FlowPage({ id, node }: { id: string; node: string | undefined }) {
  const load = useCallback((signal: AbortSignal) => loadFlow(id, signal), [id]);
  const { value, error, reload } = useLoad(load);
  usePageTitle(value?.flow.name ?? 'Flow');
  if (value !== undefined) return <FlowView detail={value} node={node} />;
  if (error !== undefined) return <ProblemBox error={error} onRetry={reload} />;
  return <p role="status">Loading{'\u2026'}</p>;
}

function FlowView({ detail, node }: { detail: FlowDetail; node: string | undefined }) {
  const { flow, graph, findings } = detail;
  const [isStarting, setStarting] = useState(false);
  const worst = useMemo(() => worstByNode(findings), [findings]);
  const select = (alias: string | undefined) => {
    location.hash = flowHref(flow.id, alias);
  };
  const selected = graph.nodes.find(({ alias }) => alias === node);
  return (
    <>
      <div class="page-head">
        <div>
          <h1>
            {flow.name} <span class="version">{flow.version}</span>
          </h1>
          <p class="summary">{flow.summary}</p>
        </div>
        <div class="actions">
          <a class="button" href={runsHref({ flow: flow.id })}>
            Runs
          </a>
          {flow.may.run && flow.triggers.length > 0 && (
            <button type="button" class="button primary" onClick={() => setStarting(true)}>
              Start run
            </button>
          )}
        </div>
      </div>
      <div class={selected === undefined ? 'split' : 'split has-side'}>
        <GraphView
          label={`Graph of ${flow.name}`}
          graph={graph}
          findings={worst}
          selected={node}
          onSelect={select}
        />
        {selected !== undefined && (
          <NodeCard
            key={selected.alias}
            node={selected}
            findings={findings.filter(({ nodes }) => nodes.includes(selected.alias))}
            onClose={() => select(undefined)}
          />
        )}
      </div>
      <Findings findings={findings} onSelect={select} />
      <GraphTables graph={graph} onSelect={select} />
      <DocumentPanel ir={detail.ir} />
      {isStarting && <StartDialog detail={detail} onClose={() => setStarting(false)} />}
    </>
  );
}

const SEVERITIES = ['info', 'warning', 'error', 'fatal'];

function worstByNode(findings: readonly Finding[]): ReadonlyMap<string, string> {
  const worst = new Map<string, string>();
  for (const { severity, nodes } of findings) {
    for (const alias of nodes) {
      const last = worst.get(alias);
      if (last === undefined || SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(last)) {
        worst.set(alias, severity);
      }
    }
  }
  return worst;
}

interface FindingsProps {
  readonly findings: readonly Finding[];
  onSelect(alias: string): void;
}

function Findings({ findings, onSelect }: FindingsProps) {
  return (
    <section class="panel" aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      {findings.length === 0 ? (
        <p class="good">
          <span aria-hidden="true">{'\u2713'}</span> The checks found nothing to mend.
        </p>
      ) : (
        <ul class="findings">
          {findings.map((finding, i) => (
            <li key={i} class={`finding severity-${finding.severity}`}>
              <p>
                <span class="tag">{finding.severity}</span> <code>{finding.code}</code>{' '}
                {finding.message}
              </p>
              <HelpText text={finding.help} />
              {finding.nodes.map((alias) => (
                <button key={alias} type="button" class="link" onClick={() => onSelect(alias)}>
                  {alias}
                </button>
              ))}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function DocumentPanel({ ir }: { ir: FlowDetail['ir'] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      class="panel"
      onToggle={(event) => setOpen((event.currentTarget as HTMLDetailsElement).open)}
    >
      <summary>Flow IR document</summary>
      {isOpen && <ValueView label="Flow IR" value={{ json: ir, cut: false }} />}
    </details>
  );
}
