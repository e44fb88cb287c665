// The public data sets that two of the flows are tried on.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The folder of the data files of the package vega-datasets. */
export const DATASETS = join(
  dirname(createRequire(import.meta.url).resolve('vega-datasets')),
  '../data',
);

export function readDataset(name: string): string {
  return readFileSync(join(DATASETS, name), 'utf8');
}
