// The flows that ship with the command, as the build bundled them: dist/examples/<name>.mjs with its
// source map, and catalogue.json with one line about each.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface CatalogueEntry {
  readonly name: string;
  readonly summary: string;
  /** A payload that shows what the flow does. */
  readonly payload: unknown;
}

let loaded: readonly CatalogueEntry[] | undefined;

/** All shipped flows, in the order in which they are listed. */
export function catalogue(): readonly CatalogueEntry[] {
  loaded ??= JSON.parse(readFileSync(shippedFile('catalogue.json'), 'utf8')) as CatalogueEntry[];
  return loaded;
}

export function exampleNames(): readonly string[] {
  return catalogue().map((entry) => entry.name);
}

/** The bundled module of a shipped flow; undefined for any other name. */
export function exampleFile(name: string): string | undefined {
  return exampleNames().includes(name) ? shippedFile(`${name}.mjs`) : undefined;
}

function shippedFile(name: string): string {
  return fileURLToPath(new URL(`./examples/${name}`, import.meta.url));
}
