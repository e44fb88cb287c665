// The head of a run: what it is, how it is doing, and what can be done with it.
import { useEffect, useState } from 'preact/hooks';
import type { RunDetail, RunEntry, StartedRun } from '../../viewer-protocol.js';
import { cancelRun, runAgain } from '../api.js';
import { clockText, durationText } from '../duration-text.js';
import { flowHref, runHref } from '../route.js';
import type { RunModel } from '../run-model.js';
import type { WatchState } from '../watch-run.js';
import { HelpText } from './help-text.js';
import { ProblemBox } from './problem-box.js';
import { StatusBadge } from './status-badge.js';

export interface RunHeadProps {
  readonly detail: RunDetail;
  readonly model: RunModel;
  readonly watch: WatchState;
}

export function RunHead({ detail, model, watch }: RunHeadProps) {
  const { run } = model;
  const action = useAction();
  const { error } = action;
  return (
    <>
      <div class="page-head">
        <div>
          <h1>
            <a href={flowHref(run.flow)}>{run.flow_name}</a>
          </h1>
          <p class="run-id">
            Run <code>{run.id}</code>
          </p>
        </div>
        <RunActions detail={detail} run={run} action={action} />
      </div>
      {error !== undefined && <ProblemBox error={error} />}
      <RunFacts detail={detail} model={model} />
      <div role="status">
        {watch === 'lost' && (
          <p class="notice warning">The connection is lost. What is shown may be out of date.</p>
        )}
        {watch === 'gone' && (
          <p class="notice warning">The host remembers this run no more. This is its last state.</p>
        )}
      </div>
      {run.cause !== null && (
        <div class={`notice ${run.status === 'failed' ? 'danger' : 'warning'}`}>
          <p>
            <code>{run.cause.code}</code> {run.cause.message}
          </p>
          {run.status === 'failed' && <HelpText text={run.cause.help} />}
        </div>
      )}
    </>
  );
}

interface RunActionsProps {
  readonly detail: RunDetail;
  readonly run: RunEntry;
  readonly action: ReturnType<typeof useAction>;
}

function RunActions({ detail, run, action: { isBusy, act } }: RunActionsProps) {
  const again = () =>
    act(async () => {
      const { run_id: id } = await runAgain(run.id);
      location.hash = runHref(id);
    });
  return (
    <div class="actions">
      {run.duration_ms === null && detail.may.cancel && (
        <button
          type="button"
          class="button danger"
          disabled={isBusy}
          onClick={() => act(() => cancelRun(run.id))}
        >
          Cancel
        </button>
      )}
      {detail.may.run && detail.not_again === null && (
        <button type="button" class="button" disabled={isBusy} onClick={again}>
          Run again
        </button>
      )}
    </div>
  );
}

function RunFacts({ detail, model }: { detail: RunDetail; model: RunModel }) {
  const { run } = model;
  return (
    <dl class="strip">
      <div>
        <dt>Status</dt>
        <dd aria-live="polite" aria-atomic="true">
          <StatusBadge status={run.status} />
        </dd>
      </div>
      <div>
        <dt>Duration</dt>
        <dd>
          {run.duration_ms === null ? (
            <Ticking since={run.started_at} />
          ) : (
            durationText(run.duration_ms)
          )}
        </dd>
      </div>
      <div>
        <dt>Started</dt>
        <dd>{clockText(run.started_at)}</dd>
      </div>
      {run.trigger !== null && (
        <div>
          <dt>Trigger</dt>
          <dd>{run.trigger}</dd>
        </div>
      )}
      {run.parent !== null && (
        <div>
          <dt>Part of</dt>
          <dd>
            <a href={runHref(run.parent)}>the run that started it</a>
          </dd>
        </div>
      )}
      <div>
        <dt>Nodes begun</dt>
        <dd>
          {model.nodes.size} of {detail.graph.nodes.length}
        </dd>
      </div>
    </dl>
  );
}

/** Does one thing at a time, and keeps what went wrong. */
function useAction() {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const act = (action: () => Promise<StartedRun | void>) => {
    setBusy(true);
    setError(undefined);
    action()
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return { error, isBusy, act };
}

function Ticking({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return <span class="ticking">{durationText(Math.max(0, now - since))}</span>;
}
