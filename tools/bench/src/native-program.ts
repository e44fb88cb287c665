// Programs in C and C++ as contenders: built with the compiler of the kernels, together with the runtime
// where they measure it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = process.env['BASALT_ROOT'] ?? '.';
const runtime = join(root, 'kernels/runtime');
const includes = [`-I${join(root, 'kernels/include')}`, `-I${join(runtime, 'include')}`];

/** The folder of LLVM's headers and library, which are installed first where that is possible. */
export function ensureLlvm(): string {
  execFileSync('sh', [join(root, 'tools/setup/ensure-clang.sh')], { stdio: 'inherit' });
  const script = join(root, 'tools/bench/ensure-llvm-headers.sh');
  return execFileSync('sh', [script], { encoding: 'utf8' }).trim();
}

/** A folder for programs, for the length of a piece of work. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'basalt-native-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds tools/bench/native/NAME.c with the runtime of the working tree. */
export function buildWithRuntime(folder: string, name: string): string {
  execFileSync('sh', [join(root, 'tools/setup/ensure-clang.sh')], { stdio: 'inherit' });
  const sources = readdirSync(join(runtime, 'src')).filter((file) => file.endsWith('.c'));
  const program = join(folder, name);
  const files = [
    join(root, 'tools/bench/native', `${name}.c`),
    ...sources.map((file) => join(runtime, 'src', file)),
  ];
  execFileSync('clang', ['-std=c11', '-O2', ...includes, ...files, '-o', program]);
  return program;
}

/** Builds tools/bench/native/NAME.cpp with LLVM's library. */
export function buildWithLlvm(folder: string, name: string, llvm: string): string {
  const program = join(folder, name);
  const source = join(root, 'tools/bench/native', `${name}.cpp`);
  const defines = ['-D__STDC_CONSTANT_MACROS', '-D__STDC_FORMAT_MACROS', '-D__STDC_LIMIT_MACROS'];
  const version = llvm.replace(/^.*-/, '');
  const library = [`-L${llvm}/lib`, `-lLLVM-${version}`];
  const flags = ['-std=c++17', '-O2', '-D_GNU_SOURCE', ...defines, `-I${llvm}/include`];
  execFileSync('clang++', [...flags, source, ...library, '-o', program]);
  return program;
}

export interface NativeServer {
  /** Nanoseconds an operation of one batch. */
  run(batch: string): Promise<number>;
  close(): void;
}

/** A program that runs a batch for each line that it reads (native/batches.h). */
export function serveBatches(program: string): NativeServer {
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(batch) {
      child.stdin.write(`${batch}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${program} ended in ${batch}`);
      return Number(value);
    },
    close: () => child.stdin.end(),
  };
}
