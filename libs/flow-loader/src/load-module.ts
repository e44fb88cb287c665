// Loads a flow module: the shipped examples as they were bundled with the command, other files by
// bundling them now. The source map is kept, so that findings point into the original file.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DiagnosticError, diagnostic, type Diagnostic, type Location } from '@basalt/diagnostics';
import * as dsl from '@basalt/flow-dsl';
import type * as Esbuild from 'esbuild';
import { MissingToolError } from './missing-tool-error.js';
import { SHARED_MODULES, transpileModule, type TranspiledModule } from './transpile-module.js';

export type ModuleExports = Readonly<Record<string, unknown>>;

/** The exports of a .ts or .js flow module. Throws a DiagnosticError when it does not compile or
 * fails while it loads; findings call the file `shown`. */
export async function loadModule(file: string, shown = file): Promise<ModuleExports> {
  const bundled = await bundle(file, shown);
  const folder = await mkdtemp(join(tmpdir(), 'basalt-flow-'));
  try {
    const target = join(folder, 'flow.mjs');
    await writeFile(target, bundled.code);
    return await importModule(target, bundled, shown);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The exports of a module that was bundled with the command; `file` has its map beside it. */
export async function loadBundledModule(file: string): Promise<ModuleExports> {
  const [code, map] = await Promise.all([readFile(file, 'utf8'), readFile(`${file}.map`, 'utf8')]);
  return importModule(file, { code, map }, file);
}

async function importModule(
  target: string,
  bundled: TranspiledModule,
  shown: string,
): Promise<ModuleExports> {
  const url = pathToFileURL(target).href;
  (globalThis as unknown as Record<symbol, unknown>)[Symbol.for(SHARED_MODULES)] = {
    '@basalt/flow-dsl': dsl,
  };
  dsl.registerSourceMap(url, bundled.map, bundled.code);
  try {
    return (await import(url)) as ModuleExports;
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const place = placeIn(error, url, bundled.map) ?? { file: shown };
    throw new DiagnosticError([diagnostic.LOAD003({ file: shown, reason }, place)], {
      cause: error,
    });
  }
}

/** Where in the original source an error was made, as far as its stack goes through the module. */
function placeIn(error: unknown, url: string, map: string): Location | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  // Engines name a module by its URL or by its path.
  const name = [url, fileURLToPath(url)].find((candidate) => stack.includes(`${candidate}:`));
  if (name === undefined) return undefined;
  const position = /^(\d+):(\d+)/.exec(stack.slice(stack.indexOf(`${name}:`) + name.length + 1));
  if (position === null) return undefined;
  const found = new SourceMap(JSON.parse(map) as SourceMapPayload).findEntry(
    Number(position[1]) - 1,
    Number(position[2]) - 1,
  );
  if (!('originalSource' in found)) return undefined;
  const { originalSource, originalLine, originalColumn } = found;
  return { file: originalSource, line: originalLine + 1, column: originalColumn + 1 };
}

async function bundle(file: string, shown: string): Promise<TranspiledModule> {
  const esbuild = await loadEsbuild();
  try {
    return await transpileModule(esbuild, file);
  } catch (error) {
    throw new DiagnosticError(buildFindings(error as Esbuild.BuildFailure, shown), {
      cause: error,
    });
  } finally {
    await esbuild.stop();
  }
}

async function loadEsbuild(): Promise<typeof Esbuild> {
  try {
    return await import('esbuild');
  } catch (cause) {
    const hint = 'npm install esbuild';
    throw new MissingToolError('Flow modules need esbuild, which is not installed.', hint, {
      cause,
    });
  }
}

function buildFindings(failure: Esbuild.BuildFailure, file: string): [Diagnostic, ...Diagnostic[]] {
  const found = (failure.errors ?? []).map(({ text, location }) =>
    diagnostic.LOAD002(
      { file, reason: text },
      location === null
        ? { file }
        : { file: location.file, line: location.line, column: location.column + 1 },
    ),
  );
  const [first = diagnostic.LOAD002({ file, reason: failure.message }, { file }), ...rest] = found;
  return [first, ...rest];
}
