// The list of runs, page by page. The newest are loaded again every few seconds and put in front.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { RunEntry, RunPage } from '../viewer-protocol.js';
import { loadRuns } from './api.js';
import { mergeNewest } from './merge-newest.js';
import type { RunFilter } from './route.js';

export interface RunList {
  readonly runs: readonly RunEntry[];
  /** Runs that the host remembers; undefined until something was loaded. */
  readonly total: number | undefined;
  /** Completed runs that were too many to be kept. */
  readonly notKept: number;
  /** True where there are no more pages. */
  readonly isAll: boolean;
  readonly error: unknown;
  /** Loads the next page. */
  more(): void;
  reload(): void;
}

interface State {
  readonly runs: readonly RunEntry[];
  readonly next: string | null;
  readonly total: number | undefined;
  readonly notKept: number;
  readonly error: unknown;
}

const PAGE = 100;
const REFRESH_MS = 2500;
/** Empty pages that are passed over at once: a filter that matches little looks at much. */
const MAX_EMPTY = 10;
const EMPTY: State = { runs: [], next: null, total: undefined, notKept: 0, error: undefined };
const SPANS: Readonly<Record<string, number>> = {
  '5m': 300_000,
  '1h': 3_600_000,
  '24h': 86_400_000,
};

export function useRunList(filter: RunFilter): RunList {
  const [state, setState] = useState<State>(EMPTY);
  const loading = useRef<AbortController | undefined>(undefined);
  const params = useRunQuery(filter);

  const loadFirst = useCallback(() => {
    loading.current?.abort();
    const controller = new AbortController();
    loading.current = controller;
    loadFull(params, null, controller.signal)
      .then((page) => setState(loaded(page.runs, page.next, page)))
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setState((last) => ({ ...last, error }));
      });
    return () => controller.abort();
  }, [params]);

  useEffect(loadFirst, [loadFirst]);

  useEffect(() => {
    const controller = new AbortController();
    const timer = setInterval(() => {
      if (document.visibilityState !== 'visible') return;
      loadRuns(params(null), controller.signal)
        .then((page) => setState((last) => refreshed(last, page)))
        .catch((error: unknown) => {
          if (!controller.signal.aborted) setState((last) => ({ ...last, error }));
        });
    }, REFRESH_MS);
    return () => {
      controller.abort();
      clearInterval(timer);
    };
  }, [params]);

  const isMore = useRef(false);
  const more = useCallback(() => {
    const { next } = state;
    if (next === null || isMore.current) return;
    isMore.current = true;
    const controller = loading.current ?? new AbortController();
    loadFull(params, next, controller.signal)
      .then((page) =>
        setState((last) => {
          const runs = [...last.runs, ...page.runs.filter((run) => !isIn(last.runs, run))];
          return loaded(runs, page.next, page);
        }),
      )
      .catch((error: unknown) => {
        if (!controller.signal.aborted) setState((last) => ({ ...last, error }));
      })
      .finally(() => (isMore.current = false));
  }, [state, params]);

  return {
    runs: state.runs,
    total: state.total,
    notKept: state.notKept,
    isAll: state.next === null,
    error: state.error,
    more,
    reload: loadFirst,
  };
}

/** The parameters of a request for runs, from a cursor on. */
function useRunQuery({ flow, status, q, within }: RunFilter) {
  return useCallback(
    (cursor: string | null) => {
      const found = new URLSearchParams({ limit: String(PAGE) });
      const span = SPANS[within];
      if (flow !== '') found.set('flow', flow);
      if (status !== '') found.set('status', status);
      if (q !== '') found.set('q', q);
      if (span !== undefined) found.set('since', String(Date.now() - span));
      if (cursor !== null) found.set('cursor', cursor);
      return found;
    },
    [flow, status, q, within],
  );
}

/** Loads pages until one holds something. */
async function loadFull(
  params: (cursor: string | null) => URLSearchParams,
  cursor: string | null,
  signal: AbortSignal,
): Promise<RunPage> {
  let page = await loadRuns(params(cursor), signal);
  for (let tries = 0; page.runs.length === 0 && page.next !== null && tries < MAX_EMPTY; tries++) {
    page = await loadRuns(params(page.next), signal);
  }
  return page;
}

function refreshed(last: State, page: RunPage): State {
  const { runs, isWhole } = mergeNewest(last.runs, page);
  const next = isWhole ? page.next : last.next;
  return loaded(runs, next, page);
}

function loaded(runs: readonly RunEntry[], next: string | null, page: RunPage): State {
  return { runs, next, total: page.total, notKept: page.not_kept, error: undefined };
}

function isIn(runs: readonly RunEntry[], run: RunEntry): boolean {
  return runs.some(({ id }) => id === run.id);
}
