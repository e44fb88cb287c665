// One run: its graph node by node while it goes on, its timeline, and what came in and out.
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { RunDetail } from '../../viewer-protocol.js';
import { loadRun } from '../api.js';
import { GraphTables } from '../graph/graph-tables.js';
import { GraphView } from '../graph/graph-view.js';
import type { GraphOverlay } from '../graph/node-overlay.js';
import { NodeCard } from '../parts/node-card.js';
import { NodeInspector } from '../parts/node-inspector.js';
import { usePageTitle } from '../parts/page-title.js';
import { ProblemBox } from '../parts/problem-box.js';
import { RunHead } from '../parts/run-head.js';
import { Timeline } from '../parts/timeline.js';
import { ValueView } from '../parts/value-view.js';
import { runHref } from '../route.js';
import { applyChange, modelOf, nodeState, type RunModel } from '../run-model.js';
import { useLoad } from '../use-load.js';
import { watchRun, type WatchState } from '../watch-run.js';

export function RunPage({ id, node }: { id: string; node: string | undefined }) {
  const load = useCallback((signal: AbortSignal) => loadRun(id, signal), [id]);
  const { value, error, reload } = useLoad(load);
  usePageTitle(value === undefined ? 'Run' : `Run of ${value.state.run.flow_name}`);
  if (value !== undefined) return <RunView detail={value} node={node} />;
  if (error !== undefined) return <ProblemBox error={error} onRetry={reload} />;
  return <p role="status">Loading{'\u2026'}</p>;
}

const NO_FINDINGS: ReadonlyMap<string, string> = new Map();

function RunView({ detail, node }: { detail: RunDetail; node: string | undefined }) {
  const { graph } = detail;
  const { model, watch } = useLiveRun(detail);
  const { run } = model;
  const select = (alias: string | undefined) => {
    location.hash = runHref(run.id, alias);
  };
  const overlay = useMemo(
    (): GraphOverlay => ({
      stateOf: (alias) => nodeState(model, alias),
      nodeOf: (alias) => model.nodes.get(alias),
      edgeOf: (label) => model.edges.get(label),
    }),
    [model],
  );
  const selected = graph.nodes.find(({ alias }) => alias === node);
  return (
    <>
      <RunHead detail={detail} model={model} watch={watch} />
      <div class={selected === undefined ? 'split' : 'split has-side'}>
        <GraphView
          label={`Graph of the run of ${run.flow_name}`}
          graph={graph}
          overlay={overlay}
          findings={NO_FINDINGS}
          selected={node}
          onSelect={select}
        />
        {selected !== undefined && (
          <NodeCard
            key={selected.alias}
            node={selected}
            findings={[]}
            onClose={() => select(undefined)}
          >
            <NodeInspector
              runId={run.id}
              alias={selected.alias}
              state={nodeState(model, selected.alias)}
              status={model.nodes.get(selected.alias)}
            />
          </NodeCard>
        )}
      </div>
      <div class="columns">
        <Timeline model={model} onSelect={select} />
        <Values detail={detail} model={model} />
      </div>
      <GraphTables graph={graph} overlay={overlay} onSelect={select} />
    </>
  );
}

function noOutputText(isRunning: boolean, outputs: number): string {
  if (isRunning) return outputs === 0 ? 'No output yet.' : `${outputs} outputs so far.`;
  return outputs === 0 ? 'No output.' : 'The output is not shown.';
}

/** The run as it is now, and how it is followed. */
function useLiveRun(detail: RunDetail): { model: RunModel; watch: WatchState } {
  const [model, setModel] = useState(() => modelOf(detail.state));
  const isEnded = detail.state.run.duration_ms !== null;
  const [watch, setWatch] = useState<WatchState>(isEnded ? 'ended' : 'live');
  useEffect(() => {
    if (isEnded) return;
    const controller = new AbortController();
    const listener = {
      onChange: (change: RunDetail['state']) => setModel((last) => applyChange(last, change)),
      onState: setWatch,
    };
    const { run, version } = detail.state;
    void watchRun(run.id, version, listener, controller.signal);
    return () => controller.abort();
  }, [detail, isEnded]);
  return { model, watch };
}

function Values({ detail, model }: { detail: RunDetail; model: RunModel }) {
  const { children, output, outputs, run } = model;
  const labels = Object.entries(run.labels).filter(([, text]) => text !== '');
  return (
    <section class="panel" aria-labelledby="values">
      <h2 id="values">Input and output</h2>
      {detail.input === null ? (
        <p class="hint">The input is not shown.</p>
      ) : (
        <ValueView label="Input" value={detail.input} />
      )}
      {output === null ? (
        <p class="hint">{noOutputText(run.duration_ms === null, outputs)}</p>
      ) : (
        <ValueView label={outputs > 1 ? `Output, first of ${outputs}` : 'Output'} value={output} />
      )}
      {labels.length > 0 && (
        <>
          <h3>Labels</h3>
          <dl class="facts">
            {labels.map(([key, text]) => (
              <div key={key}>
                <dt>{key}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {children.length > 0 && (
        <>
          <h3>Runs of subflows</h3>
          <ul class="plain">
            {children.map((id) => (
              <li key={id}>
                <a href={runHref(id)}>
                  <code>{id}</code>
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
