// What a loader tells about a module that it transpiled: the code that runs, and where each part of it
// was written. The table hangs on the global object, so that every copy of this package in a process
// sees it.
import { originalPositionFor, TraceMap, type SourceMapInput } from '@jridgewell/trace-mapping';
import type { DefinitionSite } from './definition-site.js';

const TABLE = Symbol.for('basalt.source-maps');

interface RegisteredModule {
  readonly map: TraceMap | undefined;
  readonly code: string | undefined;
}

function table(): Map<string, RegisteredModule> {
  const holder = globalThis as { [TABLE]?: Map<string, RegisteredModule> };
  return (holder[TABLE] ??= new Map());
}

/** Tells the DSL about the module at `fileUrl`. A loader calls this before it imports the module.
 *
 * `map` leads to the original text; without it, the module is itself the original. Findings show the
 * map's sources as they are written there, so a loader writes them relative to the working directory.
 * `code` is the text that runs; without it, the file is read. */
export function registerSourceMap(fileUrl: string, map?: SourceMapInput, code?: string): void {
  table().set(fileUrl, { map: map === undefined ? undefined : new TraceMap(map), code });
}

/** True for modules that a loader registered. */
export function isRegistered(fileUrl: string): boolean {
  return table().has(fileUrl);
}

/** The code that a loader registered. */
export function registeredCode(fileUrl: string): string | undefined {
  return table().get(fileUrl)?.code;
}

/** The same place in the original source, which a map may name by a relative path; the place itself
 * where no map covers it. */
export function originalPosition(site: DefinitionSite): DefinitionSite {
  const map = table().get(site.url)?.map;
  if (map === undefined) return site;
  const found = originalPositionFor(map, { line: site.line, column: site.column - 1 });
  if (found.source === null) return site;
  return { url: found.source, line: found.line, column: found.column + 1 };
}
