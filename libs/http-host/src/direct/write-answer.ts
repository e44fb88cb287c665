// Writes an answer to a response, as the server framework would send it.
import type { ServerResponse } from 'node:http';
import { RUN_ID_HEADER, type Answer } from '../answer.js';

/** @param first names and values of headers, in turn; an answer that names one of them replaces it. */
export function writeAnswer(
  response: ServerResponse,
  first: readonly string[],
  answer: Answer,
  runId: string | undefined,
): void {
  const { status, type, headers, body } = answer;
  const fields = headers.length === 0 ? first.slice() : withHeaders(first, headers);
  if (type === undefined) {
    if (runId !== undefined) fields.push(RUN_ID_HEADER, runId);
    if (status !== 204 && status !== 304) fields.push('content-length', '0');
    response.writeHead(status, fields).end();
    return;
  }
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const size = String(length);
  if (runId === undefined) fields.push('content-type', type, 'content-length', size);
  else fields.push(RUN_ID_HEADER, runId, 'content-type', type, 'content-length', size);
  response.writeHead(status, fields);
  // The head and a text go out as one string, and ASCII is copied faster than UTF-8 is written.
  if (typeof body === 'string' && length === body.length) response.end(body, 'latin1');
  else response.end(body);
}

/** Values of headers may be lists. */
function withHeaders(first: readonly string[], headers: Answer['headers']): string[] {
  const named = new Set(headers.map(([name]) => name));
  const fields: (string | readonly string[])[] = [];
  for (let i = 0; i + 1 < first.length; i += 2) {
    if (!named.has(first[i]!)) fields.push(first[i]!, first[i + 1]!);
  }
  for (const [name, value] of headers) fields.push(name, value);
  return fields as string[];
}
