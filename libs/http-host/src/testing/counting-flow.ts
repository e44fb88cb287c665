// A flow that streams the numbers from 1 to its payload, each as soon as the test lets it.
import type { NodeContext } from '@basalt/executor';
import type { HostedFlow } from '../hosted-flow.js';
import { hostedFlow } from './hosted-flows.js';

export interface CountingFlow {
  readonly flow: HostedFlow;
  /** What the node has done, over all executions. */
  readonly seen: { runs: number; produced: number; cancelled: number };
}

/** POST /NAME; `gate(n)` is waited for before each number. */
export function countingFlow(
  name = 'count',
  gate: (n: number) => Promise<void> | void = () => undefined,
): CountingFlow {
  const seen = { runs: 0, produced: 0, cancelled: 0 };
  async function* run(limit: number, { signal }: NodeContext) {
    seen.runs += 1;
    try {
      for (let n = 1; n <= limit; n += 1) {
        await gate(n);
        if (signal.aborted) return;
        seen.produced += 1;
        yield n;
      }
    } finally {
      if (signal.aborted) seen.cancelled += 1;
    }
  }
  return { flow: hostedFlow({ name, trigger: { respond: 'stream' }, run: run as never }), seen };
}

/** Asks again and again until it is so. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Posts a limit to a counting flow. */
export function startCount(
  url: string,
  limit: number,
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${url}/count`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(limit),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Reads text until it holds `enough`. */
export async function readUntil(response: Response, enough: string): Promise<string> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (!text.includes(enough)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream ended after ${text}`);
    text += decoder.decode(value, { stream: true });
  }
  return text;
}
