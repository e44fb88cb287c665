// Randomness of the host, fit for secrets: words from the operating system, fetched a block at a time.
import { randomFillSync } from 'node:crypto';
import type { Rng } from '../capability-set.js';
import { rngFromWords } from './rng-from-words.js';

const BLOCK_WORDS = 256;

/** An Rng over the random source of the operating system. */
export function systemRng(): Rng {
  const block = new Uint32Array(BLOCK_WORDS);
  let used = BLOCK_WORDS;
  return rngFromWords(() => {
    if (used === BLOCK_WORDS) {
      randomFillSync(block);
      used = 0;
    }
    const word = block[used]!;
    block[used] = 0;
    used += 1;
    return word;
  });
}
