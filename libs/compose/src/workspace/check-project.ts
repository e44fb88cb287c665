// What is wrong with a project before anything runs: files that are missing, components that cannot be read,
// that always end up in themselves, or that are not as pure as they say.
import { posix } from 'node:path';
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import { formatPointer } from '@basalt/ir';
import type { Descriptor } from '../descriptors/descriptor.js';
import type { ReadDescriptor } from '../descriptors/read-descriptor.js';
import type { CanonicalStep, ComposePath } from '../document/compose-model.js';
import type { LockFile } from '../resolver/lock-file.js';
import { lockedFindings } from '../resolver/locked-components.js';
import type { ReadCompose } from '../document/read-compose.js';
import { findIndexed, type IndexedComponent, type ProjectIndex } from './component-index.js';
import { componentTexts, missingCompose, readComponentFiles } from './load-component.js';
import type { ProjectFolder } from './project-folder.js';

/** Findings of all parts of the project, in the order of the ids. */
export async function checkProject(
  folder: ProjectFolder,
  index: ProjectIndex,
  lock: LockFile | undefined,
): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [...index.diagnostics];
  for (const locked of lock?.components ?? []) {
    if (locked.path === undefined) continue;
    const { path } = locked;
    await guarded(found, async () =>
      lockedFindings(folder, locked, await componentTexts(folder, path)),
    );
  }
  const composes = new Map<string, ReadCompose>();
  for (const way of index.packages.keys()) found.push(...(await readmeFindings(folder, way)));
  for (const component of [...index.components.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    await guarded(found, () => componentFindings(folder, component, index, composes));
  }
  return [...found, ...cycleFindings(composes, index)];
}

/** Adds what is found, or why nothing could be looked for. */
async function guarded(
  found: Diagnostic[],
  work: () => Promise<readonly Diagnostic[]>,
): Promise<void> {
  try {
    found.push(...(await work()));
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    found.push(...error.diagnostics);
  }
}

async function readmeFindings(folder: ProjectFolder, way: string): Promise<readonly Diagnostic[]> {
  const file = posix.join(way, 'README.md');
  if (await folder.has(file)) return [];
  const why = 'who finds the component learns from it what it is for';
  return [diagnostic.COMP206({ file: folder.nameOf(file), why })];
}

async function componentFindings(
  folder: ProjectFolder,
  component: IndexedComponent,
  index: ProjectIndex,
  composes: Map<string, ReadCompose>,
): Promise<readonly Diagnostic[]> {
  const way = component.folder;
  const shown = folder.nameOf(way);
  const texts = await componentTexts(folder, way);
  const { read, compose } = await readComponentFiles(texts, shown, component.context, index);
  const found = [...read.diagnostics];
  if (!index.packages.has(way)) found.push(...(await readmeFindings(folder, way)));
  const { descriptor } = read;
  if (descriptor !== undefined) {
    found.push(...(await namedFileFindings(folder, way, descriptor, read)));
  }
  if (compose === undefined) {
    const needs =
      descriptor !== undefined && !['contract', 'ui', 'axiom'].includes(descriptor.kind);
    return needs ? [...found, missingCompose(shown, component.id)] : found;
  }
  found.push(...compose.diagnostics);
  if (compose.compose !== undefined) {
    composes.set(component.id, compose);
    if (descriptor?.hints?.pure === true) found.push(...impureCalls(component.id, compose));
  }
  return found;
}

/** Schema files that the descriptor names have to exist and hold JSON. */
async function namedFileFindings(
  folder: ProjectFolder,
  way: string,
  { tool, ui }: Descriptor,
  { at }: ReadDescriptor,
): Promise<readonly Diagnostic[]> {
  const named = [
    ['tool', 'inputSchema', tool?.inputSchema],
    ['tool', 'outputSchema', tool?.outputSchema],
    ['ui', 'propsSchema', ui?.propsSchema],
  ] as const;
  const found: Diagnostic[] = [];
  for (const [table, key, file] of named) {
    if (file === undefined) continue;
    const place = at([table, key]);
    const path = posix.join(way, file);
    const text = await folder.read(path, place);
    if (text === undefined) {
      const params = { file: folder.nameOf(path), why: `${table}.${key} names it` };
      found.push(diagnostic.COMP206(params, place));
      continue;
    }
    try {
      JSON.parse(text);
    } catch (error) {
      const params = { what: `${table}.${key}`, reason: (error as Error).message };
      found.push(diagnostic.COMP205(params, place));
    }
  }
  return found;
}

const IMPURE = /^lcod:\/\/(?:contract\/core|axiom)\/(?:fs|http|git|env|runtime|stream)\//;

function impureCalls(id: string, { compose, locate }: ReadCompose): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const visit = (steps: readonly CanonicalStep[], path: ComposePath): void => {
    for (const [i, { call, slots }] of steps.entries()) {
      if (call !== undefined && IMPURE.test(call)) {
        const place = locate(formatPointer([...path, i, 'call']));
        found.push(diagnostic.COMP218({ id, call }, place));
      }
      for (const [name, body] of Object.entries(slots ?? {})) {
        visit(body, [...path, i, 'slots', name]);
      }
    }
  };
  visit(compose!.steps, ['compose']);
  return found;
}

interface Edge {
  readonly to: string;
  readonly step: number;
}

/** Circles of steps that always run: those in slots may be left out by what runs the slot. */
function cycleFindings(
  composes: ReadonlyMap<string, ReadCompose>,
  index: ProjectIndex,
): readonly Diagnostic[] {
  const edges = new Map<string, readonly Edge[]>();
  for (const [id, { compose }] of composes) {
    const calls = compose!.steps.flatMap(({ call }, step): readonly Edge[] => {
      const to = call === undefined ? undefined : findIndexed(index, call)?.id;
      return to === undefined ? [] : [{ to, step }];
    });
    edges.set(id, calls);
  }
  const found: Diagnostic[] = [];
  const done = new Set<string>();
  const visit = (id: string, chain: readonly string[]): void => {
    for (const { to, step } of edges.get(id) ?? []) {
      const start = chain.indexOf(to);
      if (start >= 0) {
        const params = { id: to, chain: [...chain.slice(start + 1), to].join(', ') };
        const place = composes.get(id)!.locate(formatPointer(['compose', step, 'call']));
        found.push(diagnostic.COMP214(params, place));
      } else if (!done.has(to)) {
        visit(to, [...chain, to]);
      }
    }
    done.add(id);
  };
  for (const id of edges.keys()) if (!done.has(id)) visit(id, [id]);
  return found;
}
