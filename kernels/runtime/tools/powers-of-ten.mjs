// Writes src/powers-of-ten.c: for every power 10^k that the shortest text of a float64 needs, its
// leading 128 bits rounded up, with the top bit set (Giulietti, "The Schubfach way to render
// doubles", section 9.5).
import { writeFileSync } from 'node:fs';

const [FIRST, LAST] = [-292, 324];
const BITS = 128n;

/** The smallest g >= 10^k * 2^s, for the s that puts g into [2^127, 2^128). */
function leadingBits(k) {
  const [top, bottom] = k >= 0 ? [10n ** BigInt(k), 1n] : [1n, 10n ** BigInt(-k)];
  const length = (n) => BigInt(n.toString(2).length);
  let shift = BITS - (length(top) - length(bottom));
  const scaled = () => [top << (shift > 0n ? shift : 0n), bottom << (shift < 0n ? -shift : 0n)];
  const floor = () => scaled()[0] / scaled()[1];
  while (length(floor()) > BITS) shift--;
  while (length(floor()) < BITS) shift++;
  const [a, b] = scaled();
  return a % b === 0n ? a / b : a / b + 1n;
}

const hex = (n) => `0x${n.toString(16).padStart(16, '0')}`;
const rows = Array.from({ length: LAST - FIRST + 1 }, (_, i) => {
  const bits = leadingBits(FIRST + i);
  return `    {${hex(bits >> 64n)}, ${hex(bits & 0xffffffffffffffffn)}},`;
});

writeFileSync(
  new URL('../src/powers-of-ten.c', import.meta.url),
  `// Written by tools/powers-of-ten.mjs; do not edit. The leading 128 bits of 10^k, rounded up, for k
// from ${FIRST} to ${LAST}.
#include "powers-of-ten.h"

// clang-format off
const bs_wide bs_powers_of_ten[BS_LAST_POWER - BS_FIRST_POWER + 1] = {
${rows.join('\n')}
};
`,
);
