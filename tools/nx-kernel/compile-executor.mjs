// Nx executor `compile`: every source of a kernel project for each of its machines, as one archive
// beside its disassembly and symbols, and a compile_commands.json for editors. Refuses an archive
// that keeps state of its own or calls what no caller of ours provides.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readKernelProjects, sourcesFor, withUsed } from './kernel-project.mjs';
import {
  compileAll,
  ensureToolchain,
  FLAGS,
  includeFlags,
  layerFlags,
  machineFlags,
  runTool,
} from './toolchain.mjs';

/** What compilers call by themselves, and each host of the kernels therefore has; the last two are of
 * WebAssembly alone: its linker's, and a product of 128 bits. */
const PROVIDED = new Set(['memcmp', 'memcpy', 'memmove', 'memset', '__stack_pointer', '__multi3']);

/** Layers that keep no state of their own; the others are linked into a kernel or a program, where the
 * linker tells what is missing. */
const STATELESS = new Set(['include', 'runtime', 'model', 'part']);

/** What is wrong with an archive, from the symbols that llvm-nm lists; none when all is right. In an
 * archive of WebAssembly, constants and variables look the same: its variables are not told. What an
 * archive `mayCall` of others, their linker tells. */
export function archiveFaults(symbols, machine, mayCall = false) {
  const tellsVariables = !machine.startsWith('wasm');
  const entries = [...symbols.matchAll(/^[0-9a-f ]* ([A-Za-z]) (\S+)$/gm)];
  const defined = new Set(entries.filter(([, type]) => type !== 'U').map(([, , name]) => name));
  const faults = new Set();
  for (const [, type, name] of entries) {
    if (type === 'U' && !mayCall && !defined.has(name) && !PROVIDED.has(name))
      faults.add(`${name} is called, but nothing provides it`);
    if (tellsVariables && /^[BbCDdGgSs]$/.test(type))
      faults.add(
        `${name} is a variable that can change: all state belongs into the caller's arena`,
      );
  }
  return [...faults];
}

/** The name of a source's object, unlike that of any other of the project. */
function objectName(source, project) {
  return `${source
    .slice(`${project.root}/src/`.length)
    .replace(/[/]/g, '-')
    .replace(/\.[cS]$/, '')}.o`;
}

async function compileFor(root, machine, uses) {
  const [project] = uses;
  const sources = sourcesFor(root, project, machine);
  const folder = `dist/${project.root}/${machine}`;
  mkdirSync(join(root, folder), { recursive: true });
  const flags = [
    ...FLAGS,
    ...machineFlags(machine),
    ...layerFlags(project.layer),
    '-O2',
    '-g',
    ...includeFlags(uses),
  ];
  const pairs = sources.map((source) => ({
    source,
    object: `${folder}/${objectName(source, project)}`,
  }));
  const objects = await compileAll(root, pairs, flags);
  const archive = `${folder}/lib${project.name}.a`;
  await runTool(root, 'llvm-ar', ['rcsD', archive, ...objects]);
  const symbols = await runTool(root, 'llvm-nm', [archive]);
  writeFileSync(join(root, folder, 'symbols.txt'), symbols);
  const disassembly = await runTool(root, 'llvm-objdump', ['-d', '--no-show-raw-insn', archive]);
  writeFileSync(join(root, folder, 'disassembly.txt'), disassembly);
  const mayCall = uses.slice(1).some(({ layer }) => layer === 'runtime' || layer === 'part');
  const faults = STATELESS.has(project.layer) ? archiveFaults(symbols, machine, mayCall) : [];
  if (faults.length > 0) throw new Error(`${archive}:\n  ${faults.join('\n  ')}`);
  return pairs.map(({ source, object }) => ({
    directory: root,
    file: source,
    output: object,
    arguments: ['clang', ...flags, '-c', source, '-o', object],
  }));
}

/** The executor. */
export default async function compile(_options, context) {
  if (!ensureToolchain(context.root)) return { success: false };
  try {
    const projects = readKernelProjects(context.root);
    const { root: projectRoot } = context.projectsConfigurations.projects[context.projectName];
    const uses = withUsed(projects, basename(projectRoot));
    const out = join(context.root, 'dist', uses[0].root);
    rmSync(out, { recursive: true, force: true });
    const commands = [];
    for (const machine of uses[0].machines)
      commands.push(...(await compileFor(context.root, machine, uses)));
    writeFileSync(join(out, 'compile_commands.json'), `${JSON.stringify(commands, null, 2)}\n`);
    console.log(`${commands.length} objects compiled for ${uses[0].machines.join(', ')}`);
    return { success: true };
  } catch (error) {
    console.error(error.message);
    return { success: false };
  }
}
