// What the world outside holds when a case begins: the form of the file of --world.
import type { HttpRequest, HttpResponse } from '@basalt/capabilities';
import { DiagnosticError, diagnostic } from '@basalt/diagnostics';

/** An answer to requests whose method and address match; * at the end of the address stands for any text. */
export interface CannedAnswer {
  readonly method?: string | undefined;
  readonly url: string;
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Text, or a value that is sent as JSON. */
  readonly body?: unknown;
}

/** Texts by name, and answers; the first that matches is given. */
export interface WorldState {
  readonly kv?: Readonly<Record<string, string>> | undefined;
  readonly blob?: Readonly<Record<string, string>> | undefined;
  readonly fs?: Readonly<Record<string, string>> | undefined;
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  readonly http?: readonly CannedAnswer[] | undefined;
}

const TEXTS = ['kv', 'blob', 'fs', 'secrets'] as const;

/** Reads a world file. @param source its name, for messages. @throws DiagnosticError CERT105. */
export function parseWorldState(text: string, source: string): WorldState {
  const fail = (reason: string) =>
    new DiagnosticError([diagnostic.CERT105({ source, reason }, { file: source })]);
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw fail((error as Error).message);
  }
  if (!isRecord(given)) throw fail('it is no object');
  for (const name of Object.keys(given)) {
    if (name !== 'http' && !(TEXTS as readonly string[]).includes(name)) {
      throw fail(`it has no member ${name}; there are ${TEXTS.join(', ')} and http`);
    }
  }
  for (const name of TEXTS) {
    const part = given[name];
    if (part === undefined) continue;
    const isTexts = isRecord(part) && Object.values(part).every((v) => typeof v === 'string');
    if (!isTexts) throw fail(`${name} is no object of texts`);
  }
  const { http = [] } = given;
  if (!Array.isArray(http)) throw fail('http is no list');
  const bad = http.findIndex((answer) => !isAnswer(answer));
  if (bad >= 0) throw fail(`http/${bad} is no {method, url, status, headers, body}`);
  return given as WorldState;
}

function isAnswer(given: unknown): boolean {
  if (!isRecord(given) || typeof given['url'] !== 'string') return false;
  const { method, status, headers } = given;
  const isText = method === undefined || typeof method === 'string';
  const fits = status === undefined || (Number.isInteger(status) && Number(status) >= 100);
  const isHeaders = headers === undefined || isRecord(headers);
  return isText && fits && isHeaders;
}

function isRecord(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

/** The answer that the file has for a request. */
export function cannedAnswer(
  { http = [] }: WorldState,
  { method, url }: HttpRequest,
): HttpResponse | undefined {
  const found = http.find((answer) => {
    if (answer.method !== undefined && answer.method.toUpperCase() !== method.toUpperCase()) {
      return false;
    }
    return answer.url.endsWith('*') ? url.startsWith(answer.url.slice(0, -1)) : url === answer.url;
  });
  if (found === undefined) return undefined;
  const { status = 200, headers = {}, body = '' } = found;
  const isText = typeof body === 'string';
  return {
    status,
    headers: isText ? headers : { 'content-type': 'application/json', ...headers },
    body: new TextEncoder().encode(isText ? body : JSON.stringify(body)),
  };
}
