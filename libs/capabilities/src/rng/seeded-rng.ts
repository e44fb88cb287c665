// Seeded randomness. A stream is named by its seed and the path of labels that leads to it, never by
// how much its parent has drawn: every node has its own stream, whatever the scheduling.
import { blake3 } from '@noble/hashes/blake3.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Rng } from '../capability-set.js';
import { rngFromWords } from './rng-from-words.js';
import { xoshiro128 } from './xoshiro128.js';

export type RngSeed = number | string;

/** A reproducible Rng that can be split. */
export interface SeededRng extends Rng {
  /** The stream of that label; independent of what was drawn here, equal whenever asked for. */
  child(label: string): SeededRng;
}

/** 32 bytes that name the root stream: BLAKE3 over a tag and the seed, so 1 and "1" differ. */
function rootKey(seed: RngSeed): Uint8Array {
  if (typeof seed === 'number' && Number.isNaN(seed)) {
    throw new RangeError('a seed is a number or a text, not NaN');
  }
  // -0 is written as 0, since the two are equal.
  const text = typeof seed === 'number' ? `number:${String(seed)}` : `text:${seed}`;
  return blake3(utf8ToBytes(`basalt rng seed\n${text}`));
}

function childKey(parent: Uint8Array, label: string): Uint8Array {
  return blake3(concatBytes(parent, utf8ToBytes(label)));
}

function fromKey(key: Uint8Array): SeededRng {
  const view = new DataView(key.buffer, key.byteOffset, 32);
  const at = (word: number) => view.getUint32(word * 4, true);
  // A key of sixteen zero bytes is out of reach, yet xoshiro forbids it: the last word is made odd.
  const words = xoshiro128([at(0), at(1), at(2), at(3) | 1]);
  return { ...rngFromWords(words), child: (label) => fromKey(childKey(key, label)) };
}

/** The root stream of `seed`: xoshiro128** 1.1, its state from BLAKE3-256 of the seed. */
export function seededRng(seed: RngSeed): SeededRng {
  return fromKey(rootKey(seed));
}

/** The stream of `label` below `seed`: equal to `seededRng(seed).child(label)`. */
export function deriveRng(seed: RngSeed, label: string): SeededRng {
  return fromKey(childKey(rootKey(seed), label));
}
