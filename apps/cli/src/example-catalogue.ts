// The flows that ship with the command, as the build bundled them: dist/examples/<name>.mjs with its
// source map, and catalogue.json with one line about each.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CatalogueEntry {
  readonly name: string;
  readonly summary: string;
  /** A payload that shows what the flow does. */
  readonly payload: unknown;
}

/** All shipped flows, in the order in which they are listed. */
export function catalogue(installation: string): readonly CatalogueEntry[] {
  const text = readFileSync(shippedFile(installation, 'catalogue.json'), 'utf8');
  return JSON.parse(text) as CatalogueEntry[];
}

export function exampleNames(installation: string): readonly string[] {
  return catalogue(installation).map((entry) => entry.name);
}

/** The bundled module of a shipped flow; undefined for any other name. */
export function exampleFile(installation: string, name: string): string | undefined {
  if (!exampleNames(installation).includes(name)) return undefined;
  return shippedFile(installation, `${name}.mjs`);
}

function shippedFile(installation: string, name: string): string {
  return join(installation, 'examples', name);
}
