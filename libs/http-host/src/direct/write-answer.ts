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
  const fields: (string | string[])[] =
    headers.length === 0 ? [...first] : withoutNamed(first, headers);
  if (runId !== undefined) fields.push(RUN_ID_HEADER, runId);
  for (const [name, value] of headers) fields.push(name, value as string | string[]);
  if (type === undefined) {
    if (status !== 204 && status !== 304) fields.push('content-length', '0');
    response.writeHead(status, fields as string[]).end();
    return;
  }
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  fields.push('content-type', type, 'content-length', String(length));
  response.writeHead(status, fields as string[]);
  // The head and a text go out as one string, and ASCII is copied faster than UTF-8 is written.
  if (typeof body === 'string' && length === body.length) response.end(body, 'latin1');
  else response.end(body);
}

function withoutNamed(first: readonly string[], headers: Answer['headers']): string[] {
  const named = new Set(headers.map(([name]) => name));
  const kept: string[] = [];
  for (let i = 0; i + 1 < first.length; i += 2) {
    if (!named.has(first[i]!)) kept.push(first[i]!, first[i + 1]!);
  }
  return kept;
}
