// Writes test/cbor-vectors.h from canonical-cbor.json and idempotency-key.json in schemas/vectors, so that the runtime is tested
// with the vectors of all runtimes. The value of an accepted vector is its JSON form (libs/ir,
// value-json.ts) without spaces, its keys in canonical order; an integer is its digits, and a float that
// is whole ends in ".0".
import { readFileSync, writeFileSync } from 'node:fs';

const vectors = new URL('../../../schemas/vectors/', import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, vectors), 'utf8'));
const { accepted, rejected } = read('canonical-cbor.json');
const { keys: digests } = read('idempotency-key.json');

const utf8 = (text) => Buffer.from(text, 'utf8');

/** Shorter keys first, then by bytes. */
function byCanonicalOrder(a, b) {
  return utf8(a).length - utf8(b).length || Buffer.compare(utf8(a), utf8(b));
}

function textOf(value) {
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    if (keys.length === 1 && keys[0] === '$int') return value.$int;
    if (keys.length === 1 && keys[0] === '$float') return value.$float;
    if (keys.length === 1 && keys[0] === '$bytes') {
      return `h'${Buffer.from(value.$bytes, 'base64').toString('hex')}'`;
    }
    const plain = keys.map((key) => [key.startsWith('$') ? key.slice(1) : key, value[key]]);
    plain.sort(([a], [b]) => byCanonicalOrder(a, b));
    return `{${plain.map(([key, member]) => `${quoted(key)}:${textOf(member)}`).join()}}`;
  }
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(value)) {
    return `${value}.0`;
  }
  return String(value);
}

/** Text with every byte outside of printable ASCII, and the quote and backslash, as \xx. */
function quoted(text) {
  const plain = (byte) => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
  const bytes = [...utf8(text)].map((byte) =>
    plain(byte) ? String.fromCharCode(byte) : `\\${byte.toString(16).padStart(2, '0')}`,
  );
  return `"${bytes.join('')}"`;
}

const literal = (text) => JSON.stringify(text);

const errors = {
  DOC030: 'BS_CBOR_NOT_CANONICAL',
  DOC031: 'BS_CBOR_MALFORMED',
  DOC032: 'BS_CBOR_UNSUPPORTED',
  DOC033: 'BS_CBOR_TOO_DEEP',
};

writeFileSync(
  new URL('../test/cbor-vectors.h', import.meta.url),
  `// Written by tools/cbor-vectors.mjs from schemas/vectors; do not edit.
#pragma once

#include <basalt/cbor.h>

// clang-format off
/** Encodings that are accepted, and the value of each. */
static const struct {
  const char *hex;
  const char *value;
} accepted_vectors[] = {
${accepted.map(({ hex, value }) => `    {${literal(hex)}, ${literal(textOf(value))}},`).join('\n')}
};

/** Bytes that are refused, why, and the offset of the item at fault. */
static const struct {
  const char *hex;
  bs_cbor_error error;
  size_t offset;
} rejected_vectors[] = {
${rejected.map(({ hex, code, offset }) => `    {${literal(hex)}, ${errors[code]}, ${offset}},`).join('\n')}
};

/** Encodings and the digest of the value of each. */
static const struct {
  const char *hex;
  const char *digest;
} digest_vectors[] = {
${digests.map(({ cbor, key }) => `    {${literal(cbor)}, ${literal(key)}},`).join('\n')}
};
`,
);
