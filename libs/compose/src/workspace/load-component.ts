// A component of a project, read from its folder: lcp.toml and compose.yaml become what steps can call.
import { posix } from 'node:path';
import { diagnostic, DiagnosticError, isError, type Diagnostic } from '@basalt/diagnostics';
import { splitVersion } from '../descriptors/component-id.js';
import type { Descriptor } from '../descriptors/descriptor.js';
import { readDescriptor, type ReadDescriptor } from '../descriptors/read-descriptor.js';
import { schemaEngine } from '../descriptors/schema-check.js';
import { readCompose, type ReadCompose } from '../document/read-compose.js';
import type { Component } from '../run/component.js';
import { composeComponent } from '../run/compose-component.js';
import {
  COMPOSE_FILE,
  DESCRIPTOR_FILE,
  findIndexed,
  type IndexedComponent,
  type ProjectIndex,
} from './component-index.js';
import { describedComponent } from './described-component.js';
import type { ProjectFolder } from './project-folder.js';
import { resolveSteps, type IdContext } from './relative-ids.js';

export interface ComponentFiles {
  readonly read: ReadDescriptor;
  /** Undefined where the component has no compose. */
  readonly compose: ReadCompose | undefined;
}

/** The texts of a component; undefined for a file that is missing. */
export interface ComponentTexts {
  readonly descriptor: string | undefined;
  readonly compose: string | undefined;
}

export async function componentTexts(folder: ProjectFolder, way: string): Promise<ComponentTexts> {
  const [descriptor, compose] = await Promise.all(
    [DESCRIPTOR_FILE, COMPOSE_FILE].map((name) => folder.read(posix.join(way, name))),
  );
  return { descriptor, compose };
}

/** A compose with whole ids, and major versions as the versions of the project that they stand for. */
export function readProjectCompose(
  text: string,
  file: string,
  context: IdContext | undefined,
  index: ProjectIndex,
): ReadCompose {
  const read = readCompose(text, file);
  if (read.compose === undefined) return read;
  const resolved = resolveSteps(read.compose.steps, context);
  const problems = resolved.diagnostics.map((finding) => ({
    ...finding,
    location: read.locate(finding.location?.pointer ?? ''),
  }));
  const diagnostics = [...read.diagnostics, ...problems];
  if (problems.some(isError)) return { ...read, compose: undefined, diagnostics };
  const steps = pinned(resolved.steps, index);
  return { ...read, compose: { ...read.compose, steps }, diagnostics };
}

/** A major version is the highest one that the project holds, whichever was called before. Contracts stay,
 * since their bindings name them. */
function pinned(steps: ResolvedList, index: ProjectIndex): ResolvedList {
  return steps.map((step) => {
    const { call, slots } = step;
    const isOpen = call !== undefined && !call.startsWith('lcod://contract/');
    const found = isOpen ? findIndexed(index, call)?.id : undefined;
    return {
      ...step,
      ...(found === undefined ? {} : { call: found }),
      ...(slots === undefined
        ? {}
        : {
            slots: Object.fromEntries(
              Object.entries(slots).map(([name, body]) => [name, pinned(body, index)]),
            ),
          }),
    };
  });
}

type ResolvedList = NonNullable<ReadCompose['compose']>['steps'];

/** Reads both files. Never throws for what is in them. */
export async function readComponentFiles(
  { descriptor, compose }: ComponentTexts,
  shown: string,
  context: IdContext,
  index: ProjectIndex,
): Promise<ComponentFiles> {
  const read = await readDescriptor(descriptor ?? '', posix.join(shown, DESCRIPTOR_FILE));
  return {
    read,
    compose:
      compose === undefined
        ? undefined
        : readProjectCompose(compose, posix.join(shown, COMPOSE_FILE), context, index),
  };
}

/** The component that a folder holds; undefined for a contract without a compose, which has to be bound.
 * Throws what is wrong with its files. */
export async function loadComponent(
  folder: ProjectFolder,
  found: IndexedComponent,
  index: ProjectIndex,
  texts: ComponentTexts,
): Promise<Component | undefined> {
  const shown = folder.nameOf(found.folder);
  const { read, compose } = await readComponentFiles(texts, shown, found.context, index);
  const { descriptor } = read;
  refuse(read.diagnostics);
  if (compose === undefined) {
    if (descriptor!.kind === 'contract') return undefined;
    throw new DiagnosticError([missingCompose(shown, found.id)]);
  }
  refuse(compose.diagnostics);
  return componentOf(found.id, descriptor!, compose);
}

async function componentOf(
  id: string,
  descriptor: Descriptor,
  { compose }: ReadCompose,
): Promise<Component> {
  const { inputs, outputs } = descriptor;
  const component = composeComponent({
    id,
    compose: compose!,
    inputs: inputs === undefined ? undefined : Object.keys(inputs),
    outputs: outputs === undefined ? undefined : Object.keys(outputs),
  });
  return describedComponent(component, descriptor, await schemaEngine());
}

export function missingCompose(shown: string, id: string): Diagnostic {
  const file = posix.join(shown, COMPOSE_FILE);
  return diagnostic.COMP206({ file, why: `${id} has no other implementation` });
}

function refuse(diagnostics: readonly Diagnostic[]): void {
  const [first, ...rest] = diagnostics.filter(isError);
  if (first !== undefined) throw new DiagnosticError([first, ...rest]);
}

/** The context of a compose that stands beside a descriptor and belongs to no package. */
export function contextOf(descriptor: Descriptor): IdContext {
  const [base, version] = splitVersion(descriptor.id);
  return { base, version, aliases: {} };
}
