// Nx executor `check`: the include checker and clang-format over the files of a kernel project.
import { basename } from 'node:path';
import { includeFaults } from './include-faults.mjs';
import { filesIn, readKernelProjects } from './kernel-project.mjs';
import { ensureToolchain, runProgram } from './toolchain.mjs';

/** The executor. */
export default async function check(_options, context) {
  const { root: projectRoot } = context.projectsConfigurations.projects[context.projectName];
  const folder = basename(projectRoot);
  const faults = includeFaults(context.root, folder);
  for (const fault of faults) console.error(fault);
  if (!ensureToolchain(context.root)) return { success: false };
  const project = readKernelProjects(context.root).get(folder);
  const files = filesIn(context.root, project, '.', /\.[ch]$/);
  const { status, output } = await runProgram(
    'clang-format',
    ['--dry-run', '--Werror', '--style=file', ...files],
    { cwd: context.root },
  );
  if (status !== 0) console.error(`${output}\nFormat with: clang-format -i FILE`);
  return { success: faults.length === 0 && status === 0 };
}
