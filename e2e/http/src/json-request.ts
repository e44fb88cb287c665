// One request with JSON, through undici.
import { request } from 'undici';

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** Posts JSON and reads JSON. */
export async function postJson(
  url: string,
  payload: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> {
  return readAnswer(
    await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(payload),
    }),
  );
}

/** Sends any request without a body, and reads JSON. */
export async function askJson(
  url: string,
  method: 'GET' | 'DELETE' = 'GET',
  headers: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> {
  return readAnswer(await request(url, { method, headers }));
}

async function readAnswer(answer: Awaited<ReturnType<typeof request>>): Promise<JsonAnswer> {
  const text = await answer.body.text();
  const { statusCode: status, headers } = answer;
  return { status, headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

/** The payload and headers with which `fetch` posts JSON. */
export function jsonPost(payload: unknown, headers: Readonly<Record<string, string>> = {}) {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(payload),
  };
}
