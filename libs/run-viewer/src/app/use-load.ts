// Loads something for a page, again when what it depends on changes, and gives up what is out of date.
import { useCallback, useEffect, useState } from 'preact/hooks';

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: unknown;
  /** Loads it again; what there is stays until then. */
  reload(): void;
}

/** @param load must be stable: wrap it in useCallback
 * @param everyMs loads it again after so many milliseconds, while the page can be seen */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, everyMs?: number): Loaded<T> {
  const [state, setState] = useState<{ value?: T; error?: unknown }>({});
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((n) => n + 1), []);
  useEffect(() => setState({}), [load]);
  useEffect(() => {
    const controller = new AbortController();
    load(controller.signal).then(
      (value) => setState({ value }),
      (error: unknown) => {
        if (!controller.signal.aborted) setState((last) => ({ ...last, error }));
      },
    );
    return () => controller.abort();
  }, [load, round]);
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, reload]);
  return { value: state.value, error: state.error, reload };
}
