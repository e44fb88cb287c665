// The hash that pins a lock file: SHA-256 over compact JSON with keys sorted at every level.
import { createHash } from 'node:crypto';

/** Order of UTF-8 bytes, which for keys outside the basic plane is not that of UTF-16 units. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => byBytes(a, b))
    .map(([key, member]) => `${JSON.stringify(key)}:${sortedJson(member)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256, in lower-case hex, of a lock without its `content_hash`. */
export function contentHash(lock: Readonly<Record<string, unknown>>): string {
  const { content_hash: _hash, ...content } = lock;
  return createHash('sha256').update(sortedJson(content)).digest('hex');
}
