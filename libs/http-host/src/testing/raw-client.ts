// A client for tests that sends exactly the headers it is told to, and reads the whole answer.
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON. */
  json(): unknown;
}

export interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
}

/** Sends one request on a connection of its own. `path` goes out as it is. */
export function send(url: string, path: string, given: RawRequest = {}): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const { method = 'GET', headers = {}, body } = given;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port, path, method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: () => JSON.parse(text) as unknown,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Posts JSON. */
export function post(
  url: string,
  path: string,
  payload: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  const body = JSON.stringify(payload);
  return send(url, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}
