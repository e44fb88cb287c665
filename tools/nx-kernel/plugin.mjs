// The Nx plugin: makes a project of every kernels/*/kernel.json, and edges of the project graph of
// their #include lines, so that an edit of a header affects what includes it and nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import { createNodesFromFiles, DependencyType } from '@nx/devkit';
import { includesOf, resolveInclude } from './includes.mjs';
import { filesIn, readKernelProjects, readKernelProject, withUsed } from './kernel-project.mjs';

/** Without clang the target installs it or fails; what it leaves then is used by no later run. */
const CLANG = { runtime: 'clang --version 2>/dev/null || date +%s%N' };
const LINKER = { runtime: 'ld.lld --version 2>/dev/null || date +%s%N' };

/** QEMU likewise. */
const QEMU = {
  runtime:
    '(qemu-system-x86_64 --version && qemu-system-aarch64 --version) 2>/dev/null || date +%s%N',
};

function inputs() {
  return [
    '{projectRoot}/**/*',
    '^default',
    '{workspaceRoot}/kernels/.clang-format',
    '{workspaceRoot}/tools/setup/ensure-clang.sh',
    // Neither the hash nor `affected` knows of an executor's source by itself.
    { input: 'default', projects: ['nx-kernel'] },
    CLANG,
    LINKER,
  ];
}

function targetsOf(project, root) {
  const target = (executor, outputs) => ({
    executor: `@basalt/nx-kernel:${executor}`,
    cache: true,
    inputs: inputs(),
    outputs,
  });
  const targets = { lint: target('check', []) };
  if (project.machines.length > 0)
    targets.build = target('compile', ['{workspaceRoot}/dist/{projectRoot}']);
  if (filesIn(root, project, 'test', /\.test\.c$/).length > 0) {
    targets.test = target('host-test', ['{workspaceRoot}/dist/test-results/{projectName}.json']);
    // Scripts among the tests hold what was generated from the schemas against them.
    targets.test.inputs.push('{workspaceRoot}/schemas/**/*');
  }
  return targets;
}

/** The folders of the projects whose code or images a project's images and boots are made of. */
function partsOf(project, root) {
  if (project.link === undefined) return [];
  const projects = readKernelProjects(root);
  const folders = [
    ...Object.values(project.link.images).flat(),
    ...project.boots.flatMap(({ workload }) => workload?.split('/')[0] ?? []),
    project.folder,
  ];
  return [...new Set(folders.flatMap((folder) => withUsed(projects, folder)))].filter(
    ({ folder, machines }) => folder !== project.folder && machines.length > 0,
  );
}

/** Links images of built archives, and boots them. */
function imageTargets(project, root) {
  if (project.link === undefined) return {};
  const scripts = [`{workspaceRoot}/kernels/${project.link.script}`];
  const parts = partsOf(project, root);
  const onParts = (target, list) =>
    list.length > 0 ? [{ projects: list.map(({ name }) => name), target }] : [];
  const targets = {
    link: {
      executor: '@basalt/nx-kernel:link',
      cache: true,
      dependsOn: ['build', ...onParts('build', parts)],
      inputs: [...inputs(), ...scripts],
      outputs: [`{workspaceRoot}/dist/kernel-images/${project.folder}`],
    },
  };
  if (project.boots.length > 0)
    targets.boot = {
      executor: '@basalt/nx-kernel:boot',
      cache: true,
      dependsOn: [
        'link',
        ...onParts(
          'link',
          parts.filter(({ link }) => link !== undefined),
        ),
      ],
      inputs: [...inputs(), ...scripts, '{workspaceRoot}/tools/setup/ensure-qemu.sh', QEMU],
      outputs: ['{workspaceRoot}/dist/test-results/{projectName}-boot.json'],
    };
  return targets;
}

function createKernelNodes(file, _options, { workspaceRoot }) {
  const project = readKernelProject(workspaceRoot, dirname(file).slice('kernels/'.length));
  const parts = partsOf(project, workspaceRoot).map(({ name }) => name);
  return {
    projects: {
      [project.root]: {
        name: project.name,
        root: project.root,
        sourceRoot: project.root,
        projectType: 'library',
        tags: [`kernel:${project.layer}`],
        implicitDependencies: ['nx-kernel', ...parts],
        targets: { ...targetsOf(project, workspaceRoot), ...imageTargets(project, workspaceRoot) },
      },
    },
  };
}

/** Nx's hook that makes projects of files. */
export const createNodes = [
  'kernels/*/kernel.json',
  (files, options, context) => createNodesFromFiles(createKernelNodes, files, options, context),
];

/** Nx's hook that makes edges between projects. */
export function createDependencies(_options, context) {
  const kernels = Object.entries(context.projects).filter(([, { root }]) =>
    /^kernels\/[^/]+$/.test(root),
  );
  const roots = kernels.map(([, { root }]) => root);
  const owners = new Map();
  for (const [name] of kernels)
    for (const { file } of context.fileMap.projectFileMap[name] ?? []) owners.set(file, name);
  const edges = [];
  for (const [name] of kernels) {
    for (const { file } of context.filesToProcess.projectFileMap[name] ?? []) {
      if (!/\.[chS]$/.test(file)) continue;
      for (const include of includesOf(readFileSync(join(context.workspaceRoot, file), 'utf8'))) {
        const meant = resolveInclude(file, include, roots, (each) => owners.has(each));
        const target = owners.get(meant);
        if (target === undefined || target === name) continue;
        edges.push({ source: name, target, sourceFile: file, type: DependencyType.static });
      }
    }
  }
  return edges;
}
