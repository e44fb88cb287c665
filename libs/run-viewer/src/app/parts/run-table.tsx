// The table of runs. Only the rows that can be seen are in the page, however many were loaded.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { RunEntry } from '../../viewer-protocol.js';
import { agoText, clockText, durationText } from '../duration-text.js';
import { flowHref, runHref } from '../route.js';
import type { RunList } from '../use-run-list.js';
import { seenRows } from './seen-rows.js';
import { StatusBadge } from './status-badge.js';

/** Height of a row until one was measured, in pixels. */
const ROW = 45;
/** The next page is loaded when so many rows are left below. */
const AHEAD = 40;

export function RunTable({ list }: { list: RunList }) {
  const { runs, isAll, more } = list;
  const body = useRef<HTMLTableSectionElement>(null);
  const { first, last, rowHeight } = useSeenRows(body, runs.length);
  useEffect(() => {
    if (!isAll && last >= runs.length - AHEAD) more();
  }, [isAll, last, runs.length, more]);
  const now = Date.now();
  return (
    <table class="table runs" aria-rowcount={isAll ? runs.length + 1 : -1}>
      <caption class="visually-hidden">Runs, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Flow</th>
          <th scope="col">Run</th>
          <th scope="col">Started</th>
          <th scope="col">Duration</th>
          <th scope="col">Cause</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {first > 0 && <Spacer height={first * rowHeight} />}
        {runs.slice(first, last).map((run, i) => (
          <RunRow key={run.id} run={run} row={first + i + 2} now={now} />
        ))}
        {last < runs.length && <Spacer height={(runs.length - last) * rowHeight} />}
      </tbody>
    </table>
  );
}

function RunRow({ run, row, now }: { run: RunEntry; row: number; now: number }) {
  return (
    <tr class="run-row" aria-rowindex={row}>
      <td>
        <StatusBadge status={run.status} />
      </td>
      <td>
        <a href={flowHref(run.flow)}>{run.flow_name}</a>
      </td>
      <th scope="row">
        <a href={runHref(run.id)}>
          <code>{run.id}</code>
        </a>
      </th>
      <td>
        <time dateTime={new Date(run.started_at).toISOString()} title={clockText(run.started_at)}>
          {agoText(now - run.started_at)}
        </time>
      </td>
      <td class="number">{run.duration_ms === null ? '\u2013' : durationText(run.duration_ms)}</td>
      <td>{run.cause !== null && <code title={run.cause.message}>{run.cause.code}</code>}</td>
    </tr>
  );
}

function Spacer({ height }: { height: number }) {
  return (
    <tr aria-hidden="true" class="spacer">
      <td colSpan={6} style={{ height: `${height}px` }} />
    </tr>
  );
}

/** The rows near what can be seen, and the height of one. */
function useSeenRows(body: { current: HTMLElement | null }, count: number) {
  const [seen, setSeen] = useState({ first: 0, last: Math.min(count, 60), rowHeight: ROW });
  useEffect(() => {
    const update = () => {
      const element = body.current;
      if (element === null) return;
      const row = element.querySelector<HTMLElement>('.run-row');
      const rowHeight = row?.offsetHeight || ROW;
      const above = -element.getBoundingClientRect().top;
      const next = { ...seenRows(above, window.innerHeight, rowHeight, count), rowHeight };
      setSeen((last) =>
        last.first === next.first && last.last === next.last && last.rowHeight === rowHeight
          ? last
          : next,
      );
    };
    update();
    window.addEventListener('scroll', update, { passive: true });
    window.addEventListener('resize', update);
    return () => {
      window.removeEventListener('scroll', update);
      window.removeEventListener('resize', update);
    };
  }, [body, count]);
  return { ...seen, last: Math.min(seen.last, count), first: Math.min(seen.first, count) };
}
