// Resolves a FLOW argument: the name of a shipped example, a Flow IR .json file, a .ts or .js module
// (with #export to choose), or - for a document on stdin.
import { readFile, stat } from 'node:fs/promises';
import { extname, relative, resolve } from 'node:path';
import { DiagnosticError, diagnostic, nearestWord, type Diagnostic } from '@basalt/diagnostics';
import type { FlowBundle } from '@basalt/executor';
import { isFlow } from '@basalt/flow-dsl';
import { loadFlow, type FlowIR } from '@basalt/ir';
import { loadBundledModule, loadModule, type ModuleExports } from './load-module.js';

/** A flow module: a document with the code of its nodes. */
export interface LoadedModule {
  /** What the user typed, for messages. */
  readonly label: string;
  readonly ir: FlowIR;
  readonly bundle: FlowBundle;
  readonly document?: undefined;
}

/** A Flow IR document. */
export interface LoadedDocument {
  readonly label: string;
  /** Absent when the text could not be read as a flow; `diagnostics` says why. */
  readonly ir: FlowIR | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly bundle?: undefined;
  readonly document: { readonly bytes: Uint8Array; readonly file: string | undefined };
}

export type LoadedFlow = LoadedModule | LoadedDocument;

/** Where FLOW arguments are looked for. */
export interface FlowSources {
  /** What relative paths are below. */
  readonly cwd: string;
  /** Reads the document that - stands for. */
  readStdin(): Promise<Uint8Array>;
  /** The bundled module of a shipped flow; undefined for any other name. */
  shippedFile(name: string): string | undefined;
  readonly shippedNames: readonly string[];
}

/** The flow; throws what is wrong with a document that holds none. */
export function requireFlow(loaded: LoadedFlow): FlowIR {
  if (loaded.document === undefined) return loaded.ir;
  if (loaded.ir !== undefined) return loaded.ir;
  const [first, ...rest] = loaded.diagnostics;
  throw new DiagnosticError([first!, ...rest]);
}

/** Throws a DiagnosticError when there is no such flow; faults inside a document are returned. */
export async function loadFlowArgument(
  argument: string,
  sources: FlowSources,
): Promise<LoadedFlow> {
  if (argument === '-') return fromDocument('-', await sources.readStdin(), undefined);
  const [path = '', exportName] = argument.split('#', 2);
  const example = sources.shippedFile(path);
  if (example !== undefined) {
    return fromModule(argument, await loadBundledModule(example), exportName);
  }
  if (path === '') throw noSuchFlow(argument, 'its name is empty');
  const file = resolve(sources.cwd, path);
  await requireFile(path, file, sources.shippedNames);
  const shown = relative(sources.cwd, file);
  switch (extname(file)) {
    case '.json':
      return fromDocument(argument, await readFile(file), shown);
    case '.ts':
    case '.mts':
    case '.js':
    case '.mjs':
      return fromModule(argument, await loadModule(file, shown), exportName);
    default:
      throw noSuchFlow(
        argument,
        `${extname(file) || 'a file without ending'} is not .json, .ts or .js`,
      );
  }
}

async function requireFile(
  argument: string,
  file: string,
  shipped: readonly string[],
): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile()) return;
  if (found !== undefined) throw noSuchFlow(argument, 'it is a folder');
  const near = nearestWord(argument, shipped);
  throw noSuchFlow(
    argument,
    near === undefined
      ? 'no file and no shipped example has that name'
      : `no file has that name, but there is a shipped example ${near}`,
  );
}

function noSuchFlow(flow: string, reason: string): DiagnosticError {
  return new DiagnosticError([diagnostic.LOAD001({ flow, reason })]);
}

function fromDocument(label: string, bytes: Uint8Array, file: string | undefined): LoadedDocument {
  const { flow: ir, diagnostics } = loadFlow(bytes, file === undefined ? {} : { file });
  return { label, ir, diagnostics, document: { bytes, file } };
}

function fromModule(
  label: string,
  exports: ModuleExports,
  wanted: string | undefined,
): LoadedModule {
  const bundle = chooseFlow(label, exports, wanted);
  return { label, ir: bundle.ir, bundle };
}

function chooseFlow(label: string, exports: ModuleExports, wanted: string | undefined): FlowBundle {
  const file = label.split('#')[0]!;
  const flows = Object.entries(exports).filter(([, value]) => isFlow(value));
  const names = flows.map(([name]) => name);
  const fail = (found: string, advice: string) =>
    new DiagnosticError([diagnostic.LOAD004({ file, found, wanted: advice }, { file })]);
  if (flows.length === 0) throw fail('no flow', 'export one made by defineFlow');
  const chosen = wanted ?? (flows.length === 1 ? names[0]! : 'default');
  const value = exports[chosen];
  if (isFlow(value)) return value;
  const near = wanted === undefined ? undefined : nearestWord(wanted, names);
  throw fail(
    wanted === undefined ? `${flows.length} flows` : `no flow ${wanted}`,
    near === undefined ? `name one of ${names.join(', ')} as ${file}#NAME` : `there is ${near}`,
  );
}
