// The include checker: a kernel project may include its own files, the public headers of the projects
// that it uses, and the headers that a freestanding C11 compiler brings; and it may use only what
// its layer allows.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { includesOf, resolveInclude } from './includes.mjs';
import { filesIn, LAYERS, readKernelProjects, withUsed } from './kernel-project.mjs';

const FREESTANDING = new Set(
  [
    'float',
    'iso646',
    'limits',
    'stdalign',
    'stdarg',
    'stdbool',
    'stddef',
    'stdint',
    'stdnoreturn',
  ].map((name) => `${name}.h`),
);

function faultOf(file, include, project, projects, used, root) {
  const roots = [...projects.values()].map((each) => each.root);
  const meant = resolveInclude(file, include, roots, (each) => existsSync(join(root, each)));
  const isTest = /^(test|fuzz)\//.test(file.slice(project.root.length + 1));
  if (meant === undefined) {
    if (!include.system) return `"${include.path}" is nowhere in kernels`;
    if (isTest || FREESTANDING.has(include.path)) return undefined;
    return `<${include.path}> is no header of freestanding C11; only tests may use it`;
  }
  if (meant.startsWith(`${project.root}/`)) return undefined;
  const owner = [...projects.values()].find((each) => meant.startsWith(`${each.root}/`));
  if (owner === undefined) return `"${include.path}" is outside of the kernel projects`;
  if (!used.has(owner.folder))
    return `"${include.path}" is of ${owner.root}, which ${project.root}/kernel.json does not use`;
  const open = owner.layer === 'include' ? owner.root : `${owner.root}/include`;
  if (meant.startsWith(`${owner.root}/test/`) && !isTest)
    return `"${include.path}" is for tests; only tests may use it`;
  if (meant.startsWith(`${open}/`)) return undefined;
  return `"${include.path}" is inside of ${owner.root}; only its include folder is open`;
}

/** Each fault as one line, `file:line: what`; none when all is right. */
export function includeFaults(root, folder) {
  const projects = readKernelProjects(root);
  const project = projects.get(folder);
  const uses = withUsed(projects, folder);
  const used = new Set(uses.map((each) => each.folder));
  const faults = uses
    .slice(1)
    .filter((each) => !LAYERS[project.layer].includes(each.layer))
    .map(
      (each) =>
        `${project.root}/kernel.json: a project of layer ${project.layer} must not stand on ` +
        `${each.root}, which is of layer ${each.layer}`,
    );
  for (const file of filesIn(root, project, '.', /\.[chS]$/).map((each) =>
    each.replace('/./', '/'),
  )) {
    for (const include of includesOf(readFileSync(join(root, file), 'utf8'))) {
      const fault = faultOf(file, include, project, projects, used, root);
      if (fault !== undefined) faults.push(`${file}:${include.line}: ${fault}`);
    }
  }
  return faults;
}
