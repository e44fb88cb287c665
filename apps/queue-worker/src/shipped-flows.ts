// The flows that ship with the program, as the build bundled them beside it: examples/<name>.mjs.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HostOutside } from './host-outside.js';

const ENDING = '.mjs';

/** Finds the flows in the folder `examples` of an installation. */
export function shippedFlows(
  installation: string,
): Pick<HostOutside, 'shippedFile' | 'shippedNames'> {
  const folder = join(installation, 'examples');
  const shippedNames = readdirSync(folder)
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
  return {
    shippedNames,
    shippedFile: (name) =>
      shippedNames.includes(name) ? join(folder, `${name}${ENDING}`) : undefined,
  };
}
