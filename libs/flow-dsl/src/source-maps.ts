// The source maps of modules that a loader transpiled. The table hangs on the global object, so that
// every copy of this package in a process sees it.
import { originalPositionFor, TraceMap, type SourceMapInput } from '@jridgewell/trace-mapping';
import type { DefinitionSite } from './definition-site.js';

const TABLE = Symbol.for('basalt.source-maps');

type Table = Map<string, TraceMap | undefined>;

function table(): Table {
  const holder = globalThis as { [TABLE]?: Table };
  return (holder[TABLE] ??= new Map());
}

/** Tells the DSL that the module at `fileUrl` was transpiled, and how to find the original text. A
 * loader calls this before it imports the module; without `map`, the module is itself the original. */
export function registerSourceMap(fileUrl: string, map?: SourceMapInput): void {
  table().set(fileUrl, map === undefined ? undefined : new TraceMap(map, fileUrl));
}

/** True for modules that a loader registered. */
export function isRegistered(fileUrl: string): boolean {
  return table().has(fileUrl);
}

/** The same place in the original source; the place itself where no map covers it. */
export function originalPosition(site: DefinitionSite): DefinitionSite {
  const map = table().get(site.url);
  if (map === undefined) return site;
  const found = originalPositionFor(map, { line: site.line, column: site.column - 1 });
  if (found.source === null) return site;
  return { url: found.source, line: found.line, column: found.column + 1 };
}
