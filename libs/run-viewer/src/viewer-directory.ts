// Finds the built pages, from the sources of this library as well as from its build and from a bundle
// beside which this package is installed.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The folder with index.html and manifest.json; written by `npx nx run run-viewer:bundle`. */
export function viewerDirectory(): string {
  const manifest = createRequire(import.meta.url).resolve('@basalt/run-viewer/package.json');
  return join(dirname(manifest), 'dist', 'static');
}
