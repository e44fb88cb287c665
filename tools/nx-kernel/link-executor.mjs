// Nx executor `link`: the images of a kernel project, each from its own objects, the archives of what it
// stands on and a linker script; with debug information, stripped, as symbols and as disassembly. Where
// the project says `flat`, also as plain memory, which loaders without ELF take.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { floatFaults, imageFaults } from './image-faults.mjs';
import { imageFiles, imageFolder } from './images.mjs';
import { readKernelProjects, withUsed } from './kernel-project.mjs';
import { ensureToolchain, runTool } from './toolchain.mjs';

const LINKER_FLAGS = ['--gc-sections', '-z', 'noexecstack', '-z', 'max-page-size=4096'];

const archiveOf = (project, triple) => `dist/${project.root}/${triple}/lib${project.name}.a`;

async function linkImage(root, projects, project, triple, [image, extra]) {
  const uses = withUsed(projects, project.folder);
  const extras = extra.flatMap((folder) => withUsed(projects, folder));
  const compiled = (list) => list.filter(({ machines }) => machines.includes(triple));
  const whole = [project, ...extra.map((folder) => projects.get(folder))];
  const others = compiled([...new Set([...uses, ...extras])]).filter(
    (each) => !whole.includes(each),
  );
  const files = imageFiles(project, triple, image);
  await runTool(root, 'ld.lld', [
    ...LINKER_FLAGS,
    ...['-T', `kernels/${project.link.script}`],
    '--whole-archive',
    ...whole.map((each) => archiveOf(each, triple)),
    '--no-whole-archive',
    ...others.map((each) => archiveOf(each, triple)),
    ...['-o', files.debug],
  ]);
  const headers = await runTool(root, 'llvm-readelf', ['--wide', '--program-headers', files.debug]);
  const listing = ['-d', '--no-show-raw-insn', files.debug];
  const disassembly = await runTool(root, 'llvm-objdump', listing);
  writeFileSync(join(root, files.disassembly), disassembly);
  const faults = imageFaults(headers);
  if (project.layer === 'arch') faults.push(...floatFaults(disassembly));
  if (faults.length > 0) throw new Error(`${files.debug}:\n  ${faults.join('\n  ')}`);
  await runTool(root, 'llvm-objcopy', ['--strip-all', files.debug, files.elf]);
  if (project.link.flat)
    await runTool(root, 'llvm-objcopy', ['--output-target=binary', files.debug, files.bin]);
  const symbols = await runTool(root, 'llvm-nm', ['--numeric-sort', files.debug]);
  writeFileSync(join(root, files.symbols), symbols);
}

/** The executor. */
export default async function link(_options, context) {
  if (!ensureToolchain(context.root)) return { success: false };
  try {
    const projects = readKernelProjects(context.root);
    const { root: projectRoot } = context.projectsConfigurations.projects[context.projectName];
    const project = projects.get(basename(projectRoot));
    rmSync(join(context.root, 'dist/kernel-images', project.folder), {
      recursive: true,
      force: true,
    });
    for (const triple of project.machines) {
      mkdirSync(join(context.root, imageFolder(project, triple)), { recursive: true });
      for (const image of Object.entries(project.link.images))
        await linkImage(context.root, projects, project, triple, image);
    }
    const names = Object.keys(project.link.images).join(', ');
    console.log(`linked ${names} for ${project.machines.join(', ')}`);
    return { success: true };
  } catch (error) {
    console.error(error.message);
    return { success: false };
  }
}
