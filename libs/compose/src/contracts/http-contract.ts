// lcod://contract/core/http/request@1, to the hosts that the host grants.
import { diagnostic } from '@basalt/diagnostics';
import type { OpenedResponse } from '@basalt/capabilities';
import type { Value } from '@basalt/ir';
import type { Call } from '../run/call.js';
import type { Component } from '../run/component.js';
import { ComposeError } from '../run/compose-error.js';
import { decodeText, encodeBytes } from './byte-encoding.js';
import type { ContractInput } from './contract-input.js';
import { defineContract } from './define-contract.js';
import { MAX_HELD_BYTES } from './source-chunks.js';
import { writeJson } from './json-writer.js';

const ID = 'lcod://contract/core/http/request@1';

const request = defineContract(ID, async (input, call): Promise<Value> => {
  const { http } = call.scope.run.host;
  if (http === undefined) throw ComposeError.of(diagnostic.COMP116({ id: ID, grant: 'http' }));
  const started = performance.now();
  const client = input.flag('followRedirects', true) ? http.following : http.direct;
  const { headers, body } = content(input);
  const timeoutMs = input.whole('timeoutMs', 1);
  const response = await client.open(
    {
      method: (input.optionalText('method') ?? 'GET').toUpperCase(),
      url: address(input),
      headers,
      ...(body === undefined ? {} : { body }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    },
    call.signal,
  );
  const { status, statusText } = response;
  const isStream = input.word('responseMode', ['buffer', 'stream']) === 'stream';
  const received = isStream ? streamed(response, call) : await buffered(response);
  const timings = { totalMs: Math.round(performance.now() - started) };
  return { status, statusText, headers: lists(response), ...received, timings };
});

/** The address with the query that is given beside it. */
function address(input: ContractInput): string {
  const text = input.text('url');
  const query = Object.entries(input.optionalMap('query') ?? {});
  if (query.length === 0) return text;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return input.refuse('url', 'an address', text);
  }
  for (const [name, value] of query) {
    const values: readonly Value[] = Array.isArray(value) ? value : [value];
    for (const one of values) if (one !== null) url.searchParams.append(name, plainText(one));
  }
  return url.href;
}

function plainText(value: Value): string {
  return typeof value === 'string' ? value : writeJson(value);
}

interface Content {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

function content(input: ContractInput): Content {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(input.optionalMap('headers') ?? {})) {
    headers[name.toLowerCase()] = Array.isArray(value)
      ? (value as readonly Value[]).map(plainText).join(', ')
      : plainText(value);
  }
  const body = input.value('body');
  if (body === undefined) return { headers, body: undefined };
  const typed = (type: string, text: string): Content => ({
    headers: { 'content-type': type, ...headers },
    body: new TextEncoder().encode(text),
  });
  switch (input.word('bodyEncoding', ['none', 'json', 'base64', 'form'])) {
    case 'json':
      return typed('application/json', writeJson(body));
    case 'form':
      return typed('application/x-www-form-urlencoded', formText(input));
    case 'base64': {
      const bytes = decodeText(input.text('body'), 'base64');
      return { headers, body: bytes ?? input.refuse('body', 'a text in base64', body) };
    }
    case 'none': {
      if (body instanceof Uint8Array) return { headers, body };
      if (typeof body === 'string') return { headers, body: new TextEncoder().encode(body) };
      return typed('application/json', writeJson(body));
    }
  }
}

function formText(input: ContractInput): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(input.map('body'))) {
    const values: readonly Value[] = Array.isArray(value) ? value : [value];
    for (const one of values) if (one !== null) form.append(name, plainText(one));
  }
  return form.toString();
}

function lists({ headers }: OpenedResponse): Value {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, [...values]]));
}

function streamed(response: OpenedResponse, call: Call): { readonly stream: Value } {
  const mediaType = response.headers['content-type']?.[0];
  const encoding = isText(mediaType) ? 'utf-8' : 'base64';
  const { streams } = call.scope.run;
  return { stream: streams.open({ chunks: response.body, encoding, mediaType }) };
}

/** The whole body: as text where its type is one of texts, in base64 elsewhere. */
async function buffered(response: OpenedResponse) {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_HELD_BYTES) {
      throw ComposeError.of(diagnostic.COMP114({ what: 'The response', most: MAX_HELD_BYTES }));
    }
    chunks.push(chunk);
  }
  const bodyEncoding = isText(response.headers['content-type']?.[0]) ? 'utf-8' : 'base64';
  return { body: encodeBytes(Buffer.concat(chunks), bodyEncoding), bodyEncoding };
}

function isText(mediaType: string | undefined): boolean {
  return (
    mediaType !== undefined &&
    /^text\/|[/+](json|xml|yaml|javascript|x-www-form-urlencoded)\b/i.test(mediaType)
  );
}

export const HTTP_CONTRACTS: readonly Component[] = [request];
