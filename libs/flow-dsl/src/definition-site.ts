// Where the author wrote something: the caller of a builder method, as the engine reports it, and the
// place in the original source where a source map is known.
import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Location } from '@basalt/diagnostics';
import type { SourceSpan } from '@basalt/ir';
import { isRegistered, originalPosition } from './source-maps.js';

/** A place in a loaded module. Lines and columns count from 1. */
export interface DefinitionSite {
  /** URL of the module. */
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

const FRAME = /(?:\(|at (?:async )?)([^()]+):(\d+):(\d+)\)?$/;

/** The place that called `method`; undefined where the engine cannot tell. */
export function siteOfCaller(method: (...args: never[]) => unknown): DefinitionSite | undefined {
  const holder: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(holder, method);
  Error.stackTraceLimit = limit;
  const frame = FRAME.exec(holder.stack?.split('\n')[1] ?? '');
  if (frame === null) return undefined;
  const place = frame[1]!;
  const url = isAbsolute(place) ? pathToFileURL(place).href : place;
  return { url, line: Number(frame[2]), column: Number(frame[3]) };
}

/** The place for a person: original source, path relative to the working directory. */
export function siteLocation(site: DefinitionSite): Location {
  const { url, line, column } = originalPosition(site);
  return { file: displayPath(url), line, column };
}

/** The span for the document. Only modules that a loader registered, and TypeScript that its runner
 * maps, have one: what a bundler made of a module says nothing to the author. */
export function siteSpan(site: DefinitionSite): SourceSpan | undefined {
  if (!isRegistered(site.url) && !/\.[cm]?ts$/.test(site.url)) return undefined;
  const { file, line, column } = siteLocation(site);
  return { file: file!, line: line!, column: column! };
}

function displayPath(url: string): string {
  const file = url.startsWith('file:') ? fileURLToPath(url) : url;
  return isAbsolute(file) ? relative(process.cwd(), file).split(sep).join('/') : file;
}
