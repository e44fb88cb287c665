// The version of an installed package, for packages that do not export their package.json.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** undefined where the package cannot be found from the folder. */
export function installedVersion(name: string, folder: string): string | undefined {
  const require = createRequire(join(folder, 'main.js'));
  let at: string;
  try {
    at = dirname(require.resolve(name));
  } catch {
    return undefined;
  }
  for (; dirname(at) !== at; at = dirname(at)) {
    const manifest = readManifest(join(at, 'package.json'));
    if (manifest?.name === name) return manifest.version;
  }
  return undefined;
}

function readManifest(file: string): { name?: string; version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
  } catch {
    return undefined;
  }
}
