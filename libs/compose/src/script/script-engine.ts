// QuickJS compiled to WebAssembly, loaded once a process. A fault of the engine itself (not of a script) makes
// its memory unusable: the next script gets a new one.
import { newQuickJSWASMModuleFromVariant, type QuickJSWASMModule } from 'quickjs-emscripten-core';

let engine: Promise<QuickJSWASMModule> | undefined;

export function scriptEngine(): Promise<QuickJSWASMModule> {
  engine ??= newQuickJSWASMModuleFromVariant(import('@jitl/quickjs-wasmfile-release-sync'));
  return engine;
}

/** Forgets an engine that has failed. */
export function dropEngine(): void {
  engine = undefined;
}
