// A kernel project as its kernel.json describes it, and what follows from that: which projects it
// stands on, where their headers are, and which files are its own.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a project of each layer may stand on. */
export const LAYERS = {
  include: [],
  runtime: ['include'],
  model: ['include', 'runtime'],
  core: ['include', 'runtime'],
  arch: ['include', 'runtime', 'core'],
};

const KEYS = ['name', 'layer', 'uses', 'machines'];

/** The description in `kernels/<folder>/kernel.json`, checked. Throws an Error that names the file and
 * what to change. */
export function readKernelProject(root, folder) {
  const file = `kernels/${folder}/kernel.json`;
  const wrong = (what) => new Error(`${file}: ${what}`);
  let described;
  try {
    described = JSON.parse(readFileSync(join(root, file), 'utf8'));
  } catch (error) {
    throw wrong(error.message);
  }
  const unknown = Object.keys(described).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw wrong(`"${unknown}" is unknown; known are ${KEYS.join(', ')}`);
  const { name, layer, uses = [], machines = [] } = described;
  if (typeof name !== 'string' || name === '')
    throw wrong('"name" must be the name of the project');
  if (!Object.hasOwn(LAYERS, layer))
    throw wrong(`"layer" must be one of ${Object.keys(LAYERS).join(', ')}`);
  const isList = (list) => Array.isArray(list) && list.every((item) => typeof item === 'string');
  if (!isList(uses)) throw wrong('"uses" must list folders of kernels');
  if (!isList(machines)) throw wrong('"machines" must list target triples of clang');
  return { folder, root: `kernels/${folder}`, name, layer, uses, machines };
}

/** All kernel projects of a workspace, by folder. */
export function readKernelProjects(root) {
  const kernels = join(root, 'kernels');
  const folders = existsSync(kernels) ? readdirSync(kernels).sort() : [];
  return new Map(
    folders
      .filter((folder) => existsSync(join(kernels, folder, 'kernel.json')))
      .map((folder) => [folder, readKernelProject(root, folder)]),
  );
}

/** The project and all that it stands on, itself first. Throws an Error for a folder that is no
 * project. */
export function withUsed(projects, folder) {
  const found = new Set([folder]);
  for (const each of found) {
    const project = projects.get(each);
    if (project === undefined) throw new Error(`kernels/${each} is used but has no kernel.json`);
    for (const used of project.uses) found.add(used);
  }
  return [...found].map((each) => projects.get(each));
}

/** Files of a project in one of its folders, from the workspace root, in order. */
export function filesIn(root, project, subfolder, pattern) {
  const folder = join(root, project.root, subfolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((file) => pattern.test(file))
    .sort()
    .map((file) => `${project.root}/${subfolder}/${file}`);
}
