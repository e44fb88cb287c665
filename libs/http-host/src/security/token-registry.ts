// Knows the tokens of a host by their hashes. Looking one up takes the same time whether it is there
// or not, and wherever it is.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { TokenEntry } from './token-file.js';

/** Longest token that is looked up, in characters. */
export const MAX_TOKEN_LENGTH = 4096;

export class TokenRegistry {
  readonly #entries: ReadonlySet<TokenEntry>;

  constructor(entries: readonly TokenEntry[]) {
    this.#entries = new Set(entries);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What an entry that was found earlier is now; undefined where its token was withdrawn since. */
  current(entry: TokenEntry): TokenEntry | undefined {
    return this.#entries.has(entry) ? entry : this.#withDigest(entry.digest);
  }

  /** The entry of a token. All entries are compared, each in constant time. */
  find(token: string): TokenEntry | undefined {
    return this.#withDigest(createHash('sha256').update(token, 'utf8').digest());
  }

  #withDigest(digest: Uint8Array): TokenEntry | undefined {
    let found: TokenEntry | undefined;
    for (const entry of this.#entries) {
      if (timingSafeEqual(entry.digest, digest)) found = entry;
    }
    return found;
  }
}
