// Follows a run live, over Server-Sent Events. EventSource cannot carry a token, so the stream is read
// with fetch; what EventSource does (coming back with the last id) is done here.
import { createParser } from 'eventsource-parser';
import type { RunChange } from '../viewer-protocol.js';
import { ApiError, send } from './api.js';

export interface RunListener {
  onChange(change: RunChange): void;
  /** live: events come. lost: the connection broke, and is tried again. ended: nothing more comes. */
  onState(state: WatchState): void;
}

export type WatchState = 'live' | 'lost' | 'ended' | 'gone';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/** Follows a run until it has ended or the signal is aborted. @param since the version that is known */
export async function watchRun(
  id: string,
  since: number,
  listener: RunListener,
  signal: AbortSignal,
): Promise<void> {
  let version = since;
  let retryMs = FIRST_RETRY_MS;
  const onChange = (change: RunChange) => {
    version = change.version;
    retryMs = FIRST_RETRY_MS;
    listener.onChange(change);
  };
  while (!signal.aborted) {
    try {
      const end = await readEvents(id, version, onChange, listener, signal);
      if (end !== undefined) {
        listener.onState(end);
        return;
      }
    } catch (error) {
      if (signal.aborted) return;
      const status = error instanceof ApiError ? error.status : 0;
      if (status === 404) {
        listener.onState('gone');
        return;
      }
    }
    listener.onState('lost');
    await pause(retryMs, signal);
    retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
  }
}

/** Reads one connection to its end; the state that it left behind, undefined where it just broke. */
async function readEvents(
  id: string,
  version: number,
  onChange: (change: RunChange) => void,
  listener: RunListener,
  signal: AbortSignal,
): Promise<WatchState | undefined> {
  const path = `runs/${encodeURIComponent(id)}/events`;
  const response = await send(path, { signal, headers: { 'last-event-id': String(version) } });
  listener.onState('live');
  let end: WatchState | undefined;
  const parser = createParser({
    onEvent({ event, data }) {
      if (event === 'change') onChange(JSON.parse(data) as RunChange);
      else if (event === 'end') end = 'ended';
      else if (event === 'gone') end = 'gone';
    },
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return end;
    parser.feed(value);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
