// The bytes that a contract works on: given as text or bytes, as the path of a file, or as a stream.
import { createReadStream } from 'node:fs';
import { diagnostic } from '@basalt/diagnostics';
import { readablePath } from '../host/compose-host.js';
import type { Call } from '../run/call.js';
import { ComposeError } from '../run/compose-error.js';
import { decodeText, ENCODINGS } from './byte-encoding.js';
import type { ContractInput } from './contract-input.js';

/** Most bytes that are held in memory for one contract: 64 MiB. */
export const MAX_HELD_BYTES = 64 * 1024 * 1024;

/** Chunks of what the input names; `key` is that of the text or bytes. */
export async function* sourceChunks(
  input: ContractInput,
  call: Call,
  key: string,
): AsyncGenerator<Uint8Array> {
  const { host, streams } = call.scope.run;
  const data = input.data(key);
  const path = data === undefined ? input.optionalText('path') : undefined;
  if (data !== undefined) {
    yield data instanceof Uint8Array ? data : bytesOf(input, key, data);
  } else if (path !== undefined) {
    yield* createReadStream(await readablePath(host, path), { signal: call.signal });
  } else {
    const stream = input.value('stream');
    if (stream === undefined) input.refuse(key, 'a text or bytes, or a path or stream', undefined);
    yield* streams.chunks(stream);
  }
}

/** A text in the encoding that the input names. */
export function bytesOf(input: ContractInput, key: string, text: string): Uint8Array {
  const encoding = input.word('encoding', ENCODINGS);
  return decodeText(text, encoding) ?? input.refuse(key, `a text in ${encoding}`, text);
}

/** All of it, as text. Throws COMP114 where it is larger than what is held in memory. */
export async function sourceText(
  input: ContractInput,
  call: Call,
  key: string,
): Promise<{ readonly text: string; readonly bytes: number }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of sourceChunks(input, call, key)) {
    call.ensureNotCancelled();
    bytes += chunk.byteLength;
    if (bytes > MAX_HELD_BYTES) {
      throw ComposeError.of(diagnostic.COMP114({ what: 'The text', most: MAX_HELD_BYTES }));
    }
    chunks.push(chunk);
  }
  return { text: new TextDecoder().decode(Buffer.concat(chunks)), bytes };
}
