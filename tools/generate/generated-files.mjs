// What the generators share: loading a library's own functions from source, formatting what they
// give, and writing it or comparing it with what is there.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import prettier from 'prettier';

export const workspaceRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Exports of a library's sources, bundled so that no build is needed first. `entry` is the text of a
 * module in `folder` (below the workspace root). */
export async function loadSource(folder, entry) {
  const { outputFiles } = buildSync({
    stdin: { contents: entry, resolveDir: join(workspaceRoot, folder), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    external: ['lmdb', 'undici', 'elkjs'],
    conditions: ['@basalt/source'],
    mainFields: ['module', 'main'],
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

/** The same files (path below the workspace root -> text), formatted. */
export async function formatted(files) {
  const result = new Map();
  for (const [path, text] of files) {
    const filepath = join(workspaceRoot, path);
    const options = await prettier.resolveConfig(filepath);
    result.set(path, await prettier.format(text, { ...options, filepath }));
  }
  return result;
}

/** Paths whose file is missing or differs below `root`. */
export function staleFiles(files, root = workspaceRoot) {
  return [...files].flatMap(([path, text]) => {
    try {
      return readFileSync(join(root, path), 'utf8') === text ? [] : [path];
    } catch {
      return [path];
    }
  });
}

/** The main of a generator: writes the files, or with --check says which are stale and fails. */
export function writeOrCheck(
  files,
  { check = process.argv.includes('--check'), root = workspaceRoot } = {},
) {
  if (check) {
    const stale = staleFiles(files, root);
    for (const path of stale) console.error(`stale: ${path}; run npm run generate`);
    process.exitCode = stale.length > 0 ? 1 : 0;
    return;
  }
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
