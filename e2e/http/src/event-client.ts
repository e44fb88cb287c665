// A client of Server-Sent Events as browsers have it: it reads, and where it is cut off it comes back
// with the id of the last event after the time that the host told it.
import { createParser, type EventSourceMessage } from 'eventsource-parser';

export interface EventReading {
  readonly events: readonly EventSourceMessage[];
  /** Ids of the executions that answered, one a connection. */
  readonly runIds: readonly (string | null)[];
  /** The hint of the host, in milliseconds. */
  readonly retryMs: number | undefined;
}

/** Reads a stream to its end. @param cutAfter the connection is cut after so many events of it, for each
 * connection but the last. */
export async function readEvents(
  url: string,
  init: RequestInit & { readonly headers: Readonly<Record<string, string>> },
  cutAfter: readonly number[] = [],
): Promise<EventReading> {
  const events: EventSourceMessage[] = [];
  const runIds: (string | null)[] = [];
  const cuts = [...cutAfter];
  let retryMs: number | undefined;
  for (;;) {
    const last = events.at(-1)?.id;
    const cut = cuts.shift() ?? Infinity;
    const leave = new AbortController();
    const headers = { ...init.headers, ...(last === undefined ? {} : { 'last-event-id': last }) };
    const response = await fetch(url, { ...init, headers, signal: leave.signal });
    if (response.status === 204) return { events, runIds, retryMs };
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    runIds.push(response.headers.get('x-basalt-run-id'));
    let got = 0;
    const parser = createParser({
      onEvent: (event) => {
        if (got < cut) events.push(event);
        got += 1;
      },
      onRetry: (ms) => (retryMs = ms),
    });
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body!) {
        parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
        if (got >= cut) break;
      }
    } finally {
      leave.abort();
    }
    const name = events.at(-1)?.event;
    if (name === 'end' || name === 'error') return { events, runIds, retryMs };
    await new Promise((resolve) => setTimeout(resolve, retryMs ?? 0));
  }
}
