// Where a file of a source is: in a folder, or on a web server.
import { dirname, resolve } from 'node:path';

export type Place =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'http'; readonly url: string };

const WEB = /^https?:\/\//i;

/** A path or an address, relative to the file that names it. */
export function placeFrom(base: Place, way: string): Place {
  if (WEB.test(way)) return { kind: 'http', url: way };
  return base.kind === 'http'
    ? { kind: 'http', url: new URL(way, base.url).href }
    : { kind: 'file', path: resolve(dirname(base.path), way) };
}

/** For messages and visited sets. */
export function placeText(place: Place): string {
  return place.kind === 'http' ? place.url : place.path;
}
