// A kernel project as its kernel.json describes it, and what follows from that: which projects it
// stands on, where their headers are, and which files are its own.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEVICES } from './devices.mjs';
import { MACHINES } from './machines.mjs';

/** What a project of each layer may stand on. A `part` is code of the kernel that keeps no state and
 * knows neither core nor an architecture, so that it is tested hosted. */
export const LAYERS = {
  include: [],
  base: [],
  runtime: ['include', 'base'],
  model: ['include', 'base', 'runtime'],
  part: ['include', 'base', 'runtime', 'part'],
  core: ['include', 'base', 'runtime', 'part'],
  arch: ['include', 'base', 'runtime', 'part', 'core'],
  'guest-test': ['include', 'base', 'runtime', 'part', 'core'],
  user: ['include', 'base', 'runtime', 'user'],
};

const KEYS = ['name', 'layer', 'uses', 'machines', 'link', 'boots'];
const LINK_KEYS = ['script', 'images', 'flat'];
const BOOT_KEYS = [
  ...['machine', 'image', 'workload', 'commandLine', 'memory', 'cpus', 'devices'],
  ...['expects', 'seconds'],
];

const isText = (value) => typeof value === 'string' && value !== '';
const isList = (list) => Array.isArray(list) && list.every((item) => typeof item === 'string');
const unknownKey = (value, known) => Object.keys(value).find((key) => !known.includes(key));

/** The images to link: `script` from kernels, `images` by name with the folders whose objects they hold
 * whole, `flat` for an image of plain memory too. */
function checkedLink(link, wrong) {
  if (link === undefined) return undefined;
  const { script, images, flat = false } = link;
  const unknown = unknownKey(link, LINK_KEYS);
  if (unknown !== undefined)
    throw wrong(`"link" has "${unknown}"; known are ${LINK_KEYS.join(', ')}`);
  if (!isText(script)) throw wrong('"link.script" must be a linker script below kernels');
  const areImages =
    images !== null && typeof images === 'object' && Object.values(images).every(isList);
  if (!areImages || Object.keys(images).length === 0)
    throw wrong('"link.images" must give each image the list of folders that it holds whole');
  if (typeof flat !== 'boolean') throw wrong('"link.flat" must be true or false');
  return { script, images, flat };
}

/** The cases of the boot target, with their defaults. */
function checkedBoots(boots, link, wrong) {
  if (!Array.isArray(boots)) throw wrong('"boots" must list cases');
  return boots.map((each, at) => {
    const place = `"boots" ${at}`;
    const unknown = unknownKey(each, BOOT_KEYS);
    if (unknown !== undefined)
      throw wrong(`${place} has "${unknown}"; known are ${BOOT_KEYS.join(', ')}`);
    const { machine, image, workload, commandLine = '', memory = 64, cpus = 1 } = each;
    const { devices = [], expects = [], seconds = 180 } = each;
    if (!Object.hasOwn(MACHINES, machine))
      throw wrong(`${place} must name a machine: ${Object.keys(MACHINES).join(', ')}`);
    if (!Object.hasOwn(link?.images ?? {}, image))
      throw wrong(`${place} must name an image of "link.images"`);
    if (workload !== undefined && !/^[^/]+[/][^/]+$/.test(workload))
      throw wrong(`${place} must name its workload as FOLDER/IMAGE`);
    if (typeof commandLine !== 'string') throw wrong(`${place}: "commandLine" must be text`);
    if (!Number.isInteger(memory) || memory < 1) throw wrong(`${place}: "memory" must be MiB`);
    if (!Number.isInteger(cpus) || cpus < 1 || cpus > 8)
      throw wrong(`${place}: "cpus" must be 1 to 8`);
    if (!isList(devices) || !devices.every((device) => Object.hasOwn(DEVICES, device)))
      throw wrong(`${place}: "devices" must list some of ${Object.keys(DEVICES).join(', ')}`);
    if (!isList(expects)) throw wrong(`${place}: "expects" must list texts`);
    if (!Number.isInteger(seconds) || seconds < 1) throw wrong(`${place}: "seconds" ends hangs`);
    return { machine, image, workload, commandLine, memory, cpus, devices, expects, seconds };
  });
}

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
  const unknown = unknownKey(described, KEYS);
  if (unknown !== undefined) throw wrong(`"${unknown}" is unknown; known are ${KEYS.join(', ')}`);
  const { name, layer, uses = [], machines = [], boots = [] } = described;
  if (!isText(name)) throw wrong('"name" must be the name of the project');
  if (!Object.hasOwn(LAYERS, layer))
    throw wrong(`"layer" must be one of ${Object.keys(LAYERS).join(', ')}`);
  if (!isList(uses)) throw wrong('"uses" must list folders of kernels');
  if (!isList(machines)) throw wrong('"machines" must list target triples of clang');
  const link = checkedLink(described.link, wrong);
  return {
    ...{ folder, root: `kernels/${folder}`, name, layer, uses, machines },
    ...{ link, boots: checkedBoots(boots, link, wrong) },
  };
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

/** Sources of a project for a machine: those in a folder of `src` that is named after a processor are for
 * that one alone. */
export function sourcesFor(root, project, machine) {
  const processors = new Set(['x86_64', 'aarch64', 'wasm32']);
  return filesIn(root, project, 'src', /\.[cS]$/).filter((file) => {
    const folder = file.slice(`${project.root}/src/`.length).split('/')[0];
    return !processors.has(folder) || machine.startsWith(`${folder}-`);
  });
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
