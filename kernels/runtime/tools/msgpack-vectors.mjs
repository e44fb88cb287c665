// Writes test/msgpack-vectors.h: values, and what msgpackr makes of them. Once it is told the shortest
// forms (integers beyond 32 bits as BigInt, and float32 where that keeps a number), once it chooses
// by itself; the latter are forms that are read where any form is. The value is written as
// test/value-text.h does.
import { writeFileSync } from 'node:fs';
import { FLOAT32_OPTIONS, Packr } from 'msgpackr';

const options = { useRecords: false, variableMapSize: true };
const own = new Packr(options);
const single = new Packr({ ...options, useFloat32: FLOAT32_OPTIONS.ALWAYS });

const integers = [
  [0, 1, 127, 128, 129, 255, 256, 257, 32767, 32768, 65535, 65536, 2 ** 31, 2 ** 32 - 1],
  [-1, -31, -32, -33, -127, -128, -129, -255, -256, -32768, -32769, -65536, -(2 ** 31)],
  [-(2n ** 31n) - 1n, -(2n ** 32n), -(2n ** 53n), -(2n ** 60n) - 1n, -(2n ** 63n)],
  [2n ** 63n, 2n ** 64n - 1n],
].flat();
const floats = [
  0.5,
  -1.5,
  0.1,
  1e-7,
  2 ** -149,
  2 ** -150,
  3.5e38,
  1e300,
  NaN,
  Infinity,
  -Infinity,
];
const texts = [0, 1, 31, 32, 33, 255, 256, 300].map((length) => 'x'.repeat(length));
const bytes = [0, 1, 255, 256, 300].map((length) => new Uint8Array(length).fill(0xa5));
const lists = [0, 1, 15, 16, 17, 300].map((length) => Array.from({ length }, (_, i) => i - 40));
const maps = [0, 1, 15, 16, 17].map((length) =>
  Object.fromEntries(Array.from({ length }, (_, i) => [String.fromCharCode(97 + i), i])),
);
const mixed = [
  '\u00fc\u6c34\ud800\udd51\0"\\',
  { a: [{ b: [] }], '\u00fc': { list: [null, true] } },
];
const values = [null, false, true, integers, floats, texts, bytes, lists, maps, mixed].flatMap(
  (group) => (Array.isArray(group) ? group : [group]),
);
/** Whole numbers that msgpackr writes as float64 or as signed. */
const wide = [2 ** 32, 2 ** 53 - 1, -(2 ** 31) - 1, 2n ** 32n, 2n ** 63n - 1n];

function textOf(value) {
  if (value instanceof Uint8Array) return `h'${Buffer.from(value).toString('hex')}'`;
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map((entry) => entry.map(textOf).join(':'))
    .join()}}`;
}

/** Text with every byte outside of printable ASCII, and the quote and backslash, as \xx. */
function quoted(text) {
  const plain = (byte) => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
  const parts = [...Buffer.from(text, 'utf8')].map((byte) =>
    plain(byte) ? String.fromCharCode(byte) : `\\${byte.toString(16).padStart(2, '0')}`,
  );
  return `"${parts.join('')}"`;
}

const keepsSingle = (value) => Number.isNaN(value) || Math.fround(value) === value;
const shortest = (value) =>
  typeof value === 'number' && !Number.isInteger(value) && keepsSingle(value) ? single : own;
const literal = (packr, value) => JSON.stringify(packr.pack(value).toString('hex'));
const line = (packr) => (value) =>
  `    {${literal(packr(value), value)}, ${JSON.stringify(textOf(value))}},`;
// It writes these as float64 whatever it is told.
const canonical = values.filter((value) => typeof value !== 'number' || Number.isFinite(value));
const longer = [...floats.filter(keepsSingle), ...wide];

writeFileSync(
  new URL('../test/msgpack-vectors.h', import.meta.url),
  `// Written by tools/msgpack-vectors.mjs with msgpackr; do not edit.
#pragma once

// clang-format off
typedef struct {
  const char *hex;
  const char *value;
} msgpack_vector;

/** Shortest forms. */
static const msgpack_vector canonical_vectors[] = {
${canonical.map(line(shortest)).join('\n')}
};

/** Longer forms. */
static const msgpack_vector longer_vectors[] = {
${longer.map(line(() => own)).join('\n')}
};
`,
);
