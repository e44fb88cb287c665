// Which type of answer a caller accepts.
import type { FastifyRequest } from 'fastify';

/** Whether CBOR is the first of the types that the caller accepts. */
export function wantsCbor({ headers }: FastifyRequest): boolean {
  const { accept } = headers;
  if (accept === undefined || accept === '*/*') return false;
  return prefers(accept, 'application/cbor', 'application/json');
}

/** Whether `wanted` has a higher quality in an Accept header than `other` (RFC 9110, 12.5.1), or the
 * same and stands first. */
export function prefers(accept: string, wanted: string, other: string): boolean {
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...params] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = params.find((param) => param.startsWith('q='))?.slice(2);
    return { type, quality: quality === undefined ? 1 : Number(quality) || 0 };
  });
  const of = (type: string) => ranges.find((range) => range.type === type);
  const mine = of(wanted);
  if (mine === undefined || mine.quality === 0) return false;
  const theirs = of(other) ?? of('application/*') ?? of('*/*');
  if (theirs === undefined || mine.quality > theirs.quality) return true;
  return mine.quality === theirs.quality && ranges.indexOf(mine) < ranges.indexOf(theirs);
}
