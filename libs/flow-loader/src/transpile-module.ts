// Bundles a .ts or .js flow module in memory, its relative imports included. Imports of @basalt/*
// are taken from the running command, so that a flow file works in any folder and shares one copy of
// the library with the executor that runs it; other packages are left to Node, found from the flow's
// own folder. The build of the command ships its examples through the same function.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Esbuild from 'esbuild';

/** Key of the global table of modules that the running command shares with flow modules. */
export const SHARED_MODULES = 'basalt.modules';

export interface TranspiledModule {
  readonly code: string;
  /** Source map (version 3, JSON) with the original text. */
  readonly map: string;
}

/** Rejects with esbuild's BuildFailure when the module does not compile. */
export async function transpileModule(
  esbuild: typeof Esbuild,
  file: string,
): Promise<TranspiledModule> {
  const result = await esbuild.build({
    entryPoints: [file],
    bundle: true,
    write: false,
    outfile: 'flow.mjs',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'external',
    logLevel: 'silent',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(file).href) },
    plugins: [sharedModules, installedPackages],
  });
  const text = (suffix: string) => result.outputFiles.find((f) => f.path.endsWith(suffix))!.text;
  return { code: text('.mjs'), map: text('.map') };
}

const sharedModules: Esbuild.Plugin = {
  name: 'basalt-shared-modules',
  setup(build) {
    build.onResolve({ filter: /^@basalt\/flow-dsl$/ }, ({ path }) => ({
      path,
      namespace: 'basalt',
    }));
    build.onLoad({ filter: /.*/, namespace: 'basalt' }, ({ path }) => ({
      loader: 'js',
      contents: `module.exports = globalThis[Symbol.for('${SHARED_MODULES}')]['${path}'];`,
    }));
  },
};

const installedPackages: Esbuild.Plugin = {
  name: 'basalt-installed-packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, resolveDir, kind }) => {
      if (kind === 'entry-point' || path.startsWith('node:')) return undefined;
      return { path: packageUrl(path, resolveDir), external: true };
    });
  },
};

/** The file URL of a package as Node finds it from a folder; the name itself when it is not found,
 * so that the error names what the author wrote. */
function packageUrl(specifier: string, folder: string): string {
  try {
    const found = createRequire(join(folder, 'flow.js')).resolve(specifier);
    return found === specifier ? specifier : pathToFileURL(found).href;
  } catch {
    return specifier;
  }
}
