// What one node did in a run: counts, and the inputs and outputs of its first and last attempts.
import { useCallback, useEffect, useRef } from 'preact/hooks';
import type { InvocationEntry, NodeInspection, NodeStatus } from '../../viewer-protocol.js';
import { loadNode } from '../api.js';
import { durationText } from '../duration-text.js';
import { STATE_SIGN, STATE_TEXT } from '../graph/node-overlay.js';
import { useLoad } from '../use-load.js';
import { ProblemBox } from './problem-box.js';
import { ValueView } from './value-view.js';

export interface NodeInspectorProps {
  readonly runId: string;
  readonly alias: string;
  readonly state: string;
  readonly status: NodeStatus | undefined;
}

/** Attempts are loaded again at most so often while the node is at work, in milliseconds. */
const REFRESH_MS = 700;

export function NodeInspector({ runId, alias, state, status }: NodeInspectorProps) {
  return (
    <section class="inspector" aria-label="In this run">
      <p class={`state-line state-${state}`}>
        <span class="state-sign" aria-hidden="true">
          {STATE_SIGN[state]}
        </span>{' '}
        {STATE_TEXT[state] ?? state}
      </p>
      {status === undefined ? (
        <p class="hint">
          {state === 'skipped' ? 'The run ended without it.' : 'It has not been begun yet.'}
        </p>
      ) : (
        <>
          <Counts status={status} />
          <Attempts runId={runId} alias={alias} status={status} />
        </>
      )}
    </section>
  );
}

function Counts({ status }: { status: NodeStatus }) {
  const rows: (readonly [string, string | number | null])[] = [
    ['Attempts', status.started],
    ['Under way', status.active || null],
    ['Failed', status.failed || null],
    ['Timed out', status.timed_out || null],
    ['Cancelled', status.cancelled || null],
    ['Retries', status.retries || null],
    ['Sent early', status.emitted || null],
    ['From cache', status.cached || null],
    ['Dropped', status.dropped || null],
    ['Mean time', status.mean_ms === null ? null : durationText(status.mean_ms)],
    ['Longest', status.max_ms === null ? null : durationText(status.max_ms)],
    ['Last failure', status.last_failure?.replaceAll('_', ' ') ?? null],
  ];
  return (
    <dl class="strip small">
      {rows
        .filter(([, text]) => text !== null)
        .map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
    </dl>
  );
}

interface AttemptsProps {
  readonly runId: string;
  readonly alias: string;
  readonly status: NodeStatus;
}

function Attempts({ runId, alias, status }: AttemptsProps) {
  const load = useCallback((signal: AbortSignal) => loadNode(runId, alias, signal), [runId, alias]);
  const { value, error, reload } = useLoad(load);
  const seen = useRef(status);
  const latest = useRef(status);
  latest.current = status;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (seen.current === status || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      seen.current = latest.current;
      reload();
    }, REFRESH_MS);
  }, [status, reload]);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (value === undefined) {
    return error === undefined ? (
      <p role="status">Loading{'\u2026'}</p>
    ) : (
      <ProblemBox error={error} />
    );
  }
  return <AttemptList inspection={value} />;
}

function AttemptList({ inspection }: { inspection: NodeInspection }) {
  const { invocations, omitted, hidden } = inspection;
  const gapAt = omitted > 0 ? Math.floor(invocations.length / 2) : -1;
  return (
    <>
      {hidden !== null && <p class="notice">{sentence(hidden)}</p>}
      {invocations.length === 0 && omitted > 0 && (
        <p class="hint">Its attempts were counted, and not recorded.</p>
      )}
      <ol class="attempts">
        {invocations.map((one, i) => (
          <li key={one.seq}>
            {i === gapAt && <p class="hint">{omitted} attempts between these are not kept.</p>}
            <Attempt invocation={one} isOpen={i === invocations.length - 1} />
          </li>
        ))}
      </ol>
    </>
  );
}

function sentence(words: string): string {
  return `${words[0]!.toUpperCase()}${words.slice(1)}.`;
}

function Attempt({ invocation, isOpen }: { invocation: InvocationEntry; isOpen: boolean }) {
  const { seq, attempt, start_ms: start, end_ms: end, outcome, emitted, emissions } = invocation;
  const state = outcome ?? 'running';
  return (
    <details class="attempt" open={isOpen}>
      <summary>
        <span class={`state-sign state-${state}`} aria-hidden="true">
          {STATE_SIGN[state]}
        </span>{' '}
        {attempt > 1 ? `Attempt ${attempt}` : `No. ${seq}`} {'\u00b7'} {STATE_TEXT[state] ?? state}
        <span class="hint">
          {' '}
          at {durationText(start)}
          {end !== null && `, ${durationText(end - start)}`}
        </span>
      </summary>
      {invocation.input !== null && <ValueView label="Input" value={invocation.input} />}
      {emissions.map((value, i) => (
        <ValueView key={i} label={`Sent early, ${i + 1} of ${emitted}`} value={value} />
      ))}
      {invocation.output !== null && <ValueView label="Output" value={invocation.output} />}
      {!invocation.has_output && end !== null && emitted === 0 && <p class="hint">No output.</p>}
    </details>
  );
}
