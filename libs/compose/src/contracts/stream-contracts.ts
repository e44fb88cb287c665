// lcod://contract/core/stream/read@1 and close@1.
import type { Value } from '@basalt/ir';
import type { Component } from '../run/component.js';
import type { State } from '../run/state.js';
import { encodeBytes, ENCODINGS, type ByteEncoding } from './byte-encoding.js';
import { defineContract } from './define-contract.js';
import { readJsonText } from './json-reader.js';

const CORE = 'lcod://contract/core/stream';
const DECODINGS = ['utf-8', 'text', 'json', 'base64', 'hex', 'bytes'] as const;

const read = defineContract(`${CORE}/read@1`, async (input, call): Promise<Value> => {
  const stream = input.map('stream');
  const maxBytes = input.whole('maxBytes', 1);
  const timeoutMs = input.whole('timeoutMs', 0);
  const decode =
    input.value('decode') === undefined ? ownDecoding(stream) : input.word('decode', DECODINGS);
  const isText = decode === 'utf-8' || decode === 'text' || decode === 'json';
  const found = await call.scope.run.streams.read(stream, {
    maxBytes,
    timeoutMs,
    wholeCharacters: isText,
    signal: call.signal,
  });
  if (found === undefined) return { done: true, stream };
  const { bytes, seq } = found;
  return { done: false, ...decoded(bytes, decode), bytes: bytes.byteLength, seq, stream };
});

const close = defineContract(`${CORE}/close@1`, async (input, call): Promise<Value> => {
  const released = await call.scope.run.streams.close(input.map('stream'));
  input.flag('deleteFile', false);
  return { released, removed: false };
});

type Decoding = (typeof DECODINGS)[number];

function ownDecoding(stream: State): Decoding {
  const encoding = stream['encoding'];
  return DECODINGS.find((one) => one === encoding) ?? 'base64';
}

function decoded(bytes: Uint8Array, decode: Decoding): { chunk: Value; encoding: string } {
  if (decode === 'bytes') return { chunk: new Uint8Array(bytes), encoding: 'bytes' };
  const encoding: ByteEncoding = ENCODINGS.find((one) => one === decode) ?? 'utf-8';
  const text = encodeBytes(bytes, encoding);
  return { chunk: decode === 'json' ? readJsonText(text) : text, encoding };
}

export const STREAM_CONTRACTS: readonly Component[] = [read, close];
