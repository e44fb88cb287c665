// lcod://contract/core/hash/sha256@1 of a text or bytes, a file, or a stream.
import { createHash } from 'node:crypto';
import type { Value } from '@basalt/ir';
import type { Call } from '../run/call.js';
import type { Component } from '../run/component.js';
import { alias, defineContract } from './define-contract.js';
import { sourceChunks } from './source-chunks.js';

const sha256 = defineContract(
  'lcod://contract/core/hash/sha256@1',
  async (input, call: Call): Promise<Value> => {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of sourceChunks(input, call, 'data')) {
      call.ensureNotCancelled();
      hash.update(chunk);
      bytes += chunk.byteLength;
    }
    const digest = hash.digest();
    return { hex: digest.toString('hex'), base64: digest.toString('base64'), bytes };
  },
);

export const HASH_CONTRACTS: readonly Component[] = alias(sha256, 'lcod://axiom/hash/sha256@1');
