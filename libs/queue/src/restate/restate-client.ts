// Calls to a Restate server: invocations through its ingress, queries and commands through its admin
// interface.
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';

const TIMEOUT_MS = 10_000;
const JSON_ROWS = { accept: 'application/json' };

export interface RestateOptions {
  /** Name of the queue. */
  readonly queue: string;
  /** Where invocations are sent, such as `http://127.0.0.1:8080`. */
  readonly ingressUrl: string;
  /** The admin interface, such as `http://127.0.0.1:9070`. */
  readonly adminUrl: string;
  /** How long a call may take, in milliseconds; 10 000 when absent. */
  readonly timeoutMs?: number | undefined;
}

/** A response that is not 2xx is an error, QUE302; but 404 is told apart. */
export interface RestateClient {
  readonly queue: string;
  /** Starts an invocation. @returns whether it was known by its idempotency key. */
  send(
    path: string,
    body: unknown,
    options?: { readonly idempotencyKey?: string; readonly delayMs?: number },
  ): Promise<{ readonly known: boolean }>;
  /** Invokes and waits for the result. */
  call(path: string, body: unknown): Promise<unknown>;
  /** Rows of a query over Restate's tables. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** A command of the admin interface; false where it does not know what it is about. */
  command(method: string, path: string, body?: unknown): Promise<boolean>;
}

export function restateClient(options: RestateOptions): RestateClient {
  const { queue, ingressUrl, adminUrl } = options;
  const request = async (
    call: string,
    url: string,
    init: { method: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Response> => {
    let response: Response | undefined;
    let reason: string;
    try {
      response = await fetch(url, {
        method: init.method,
        headers: { 'content-type': 'application/json', ...init.headers },
        signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
        ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      });
      if (response.ok || response.status === 404) return response;
      reason = `${response.status} ${(await response.text()).slice(0, 300)}`;
    } catch (error) {
      reason = reasonOf(error);
    }
    const server = new URL(url).host;
    throw new DiagnosticError([diagnostic.QUE302({ queue, server, call, reason })]);
  };
  const invoke = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await request('invoke', `${ingressUrl}/${path}`, {
      method: 'POST',
      body,
      headers,
    });
    if (response.status !== 404) return response.json();
    throw new DiagnosticError([diagnostic.QUE303({ queue, server: new URL(ingressUrl).host })]);
  };
  return {
    queue,
    async send(path, body, { idempotencyKey, delayMs = 0 } = {}) {
      const delay = delayMs > 0 ? `?delay=${Math.ceil(delayMs)}ms` : '';
      const headers: Record<string, string> =
        idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
      const answer = (await invoke(`${path}/send${delay}`, body, headers)) as { status?: string };
      return { known: answer.status === 'PreviouslyAccepted' };
    },
    call: (path, body) => invoke(path, body),
    async query(sql) {
      const question = { method: 'POST', body: { query: sql }, headers: JSON_ROWS };
      const ask = () => request('query', `${adminUrl}/query`, question);
      const response = await again(ask, options.timeoutMs ?? TIMEOUT_MS);
      const { rows } = (await response.json()) as { rows: Readonly<Record<string, unknown>>[] };
      return rows;
    },
    async command(method, path, body) {
      const response = await request('command', `${adminUrl}/${path}`, { method, body });
      await response.arrayBuffer();
      return response.status !== 404;
    },
  };
}

/** Asks again what a server that has just been started cannot answer yet. */
async function again<T>(ask: () => Promise<T>, limitMs: number): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const starting = /: 5\d\d /.test((error as Error).message);
      if (!starting || performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A text in a query. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
