// All remembered runs, newest first: filtered, searched, and loaded as one scrolls.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { FlowEntry } from '../../viewer-protocol.js';
import { loadFlows } from '../api.js';
import { usePageTitle } from '../parts/page-title.js';
import { ProblemBox } from '../parts/problem-box.js';
import { RunTable } from '../parts/run-table.js';
import { NO_FILTER, runsHref, type RunFilter } from '../route.js';
import { useLoad } from '../use-load.js';
import { useRunList, type RunList } from '../use-run-list.js';

const STATUSES = ['running', 'waiting', 'completed', 'failed', 'cancelled'];
const SPANS: readonly (readonly [name: string, words: string])[] = [
  ['5m', 'last 5 minutes'],
  ['1h', 'last hour'],
  ['24h', 'last 24 hours'],
];
/** Typing is waited for so long before a search, in milliseconds. */
const TYPING_MS = 200;

export function RunsPage({ filter }: { filter: RunFilter }) {
  usePageTitle('Runs');
  const flows = useLoad(loadFlows);
  const list = useRunList(filter);
  const isFiltered = Object.values(filter).some((word) => word !== '');
  return (
    <>
      <div class="page-head">
        <h1>Runs</h1>
        <p class="count" role="status">
          {list.total === undefined ? '' : countText(list, list.total)}
        </p>
      </div>
      <FilterBar filter={filter} flows={flows.value?.flows ?? []} />
      {list.error !== undefined && <ProblemBox error={list.error} onRetry={list.reload} />}
      {list.total === undefined && list.error === undefined && (
        <p role="status">Loading{'\u2026'}</p>
      )}
      {list.total !== undefined && list.runs.length === 0 && list.isAll && (
        <div class="empty">
          {isFiltered ? (
            <p>
              No run is like this. <a href={runsHref()}>Show all runs</a>
            </p>
          ) : (
            <p>
              No run yet. Start one from the page of a <a href="#/">flow</a>, or call its route.
            </p>
          )}
        </div>
      )}
      {list.runs.length > 0 && <RunTable list={list} />}
    </>
  );
}

function countText({ runs, isAll, notKept }: RunList, total: number): string {
  const number = (count: number) => count.toLocaleString('en');
  const shown = runs.length;
  const more = notKept === 0 ? '' : `; ${number(notKept)} more completed runs were not kept`;
  if (isAll && shown === total) return `${number(shown)} ${shown === 1 ? 'run' : 'runs'}${more}`;
  return `${number(shown)}${isAll ? '' : '+'} shown of ${number(total)} remembered${more}`;
}

interface FilterBarProps {
  readonly filter: RunFilter;
  readonly flows: readonly FlowEntry[];
}

function FilterBar({ filter, flows }: FilterBarProps) {
  const change = useCallback(
    (part: Partial<RunFilter>) => {
      // Each step back in the browser would be one letter: the address is replaced.
      history.replaceState(undefined, '', runsHref({ ...filter, ...part }));
      window.dispatchEvent(new HashChangeEvent('hashchange'));
    },
    [filter],
  );
  const isFiltered = Object.values(filter).some((word) => word !== '');
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <SearchField text={filter.q} onChange={(q) => change({ q })} />
      <Choice
        name="flow"
        label="Flow"
        all="all flows"
        value={filter.flow}
        options={flows.map(({ id, name, version }) => [id, `${name} ${version}`])}
        onChange={change}
      />
      <Choice
        name="status"
        label="Status"
        all="every status"
        value={filter.status}
        options={STATUSES.map((status) => [status, status])}
        onChange={change}
      />
      <Choice
        name="within"
        label="Started"
        all="at any time"
        value={filter.within}
        options={SPANS}
        onChange={change}
      />
      {isFiltered && (
        <button type="button" class="button" onClick={() => change(NO_FILTER)}>
          Clear
        </button>
      )}
    </form>
  );
}

interface ChoiceProps {
  readonly name: keyof RunFilter;
  readonly label: string;
  /** What no choice is called. */
  readonly all: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  onChange(part: Partial<RunFilter>): void;
}

function Choice({ name, label, all, value, options, onChange }: ChoiceProps) {
  const id = `filter-${name}`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange({ [name]: event.currentTarget.value })}
      >
        <option value="">{all}</option>
        {options.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

function SearchField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => onChange(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, text, onChange]);
  return (
    <div class="field grow">
      <label for="filter-text">Search</label>
      <input
        id="filter-text"
        type="search"
        placeholder="Run id, flow, label or code"
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
    </div>
  );
}
