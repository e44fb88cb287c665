// xoshiro128** 1.1 by David Blackman and Sebastiano Vigna ("Scrambled linear pseudorandom number
// generators", ACM TOMS 47(4), 2021): 128 bits of state, 32-bit words, integer arithmetic only, so
// equal on every platform. Not for secrets.

export type Xoshiro128State = readonly [number, number, number, number];

const rotate = (x: number, by: number) => (x << by) | (x >>> (32 - by));

/** The words that follow `state`, which must not be all zero. */
export function xoshiro128(state: Xoshiro128State): () => number {
  let [a, b, c, d] = state;
  if ((a | b | c | d) === 0) throw new RangeError('the all-zero state never leaves zero');
  return () => {
    const word = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return word;
  };
}
