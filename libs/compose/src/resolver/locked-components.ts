// Components of a lock: found by id, and taken only where their files are those that were locked.
import { posix } from 'node:path';
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import { splitVersion } from '../descriptors/component-id.js';
import type { Component } from '../run/component.js';
import { COMPOSE_FILE, DESCRIPTOR_FILE, type ProjectIndex } from '../workspace/component-index.js';
import { componentTexts, loadComponent, type ComponentTexts } from '../workspace/load-component.js';
import type { ProjectFolder } from '../workspace/project-folder.js';
import type { IdContext } from '../workspace/relative-ids.js';
import { digestOf, sha256Of } from './integrity.js';
import type { LockedComponent, LockFile } from './lock-file.js';
import { highestOf } from './pick-version.js';

/** The component that is locked for an id, for its picked version, or for a major version of it. */
export function findLocked(lock: LockFile, id: string): LockedComponent | undefined {
  const components = (lock.components ?? []).filter(({ path }) => path !== undefined);
  const exact =
    components.find((one) => one.id === id) ?? components.find((one) => one.resolved === id);
  if (exact !== undefined) return exact;
  const [base, version] = splitVersion(id);
  if (version === undefined || !/^\d+$/.test(version)) return undefined;
  const versions = components
    .map(({ resolved }) => splitVersion(resolved))
    .flatMap(([other, its]) => (other === base && its !== undefined ? [its] : []));
  const best = highestOf(versions, version);
  return components.find(({ resolved }) => resolved === `${base}@${best ?? ''}`);
}

/** Throws COMP206 and COMP225, and what is wrong with the files. `id` is how the component is called. */
export async function loadLocked(
  folder: ProjectFolder,
  locked: LockedComponent,
  id: string,
  index: ProjectIndex,
): Promise<Component | undefined> {
  const texts = await componentTexts(folder, locked.path!);
  const [problem, ...more] = lockedFindings(folder, locked, texts);
  if (problem !== undefined) throw new DiagnosticError([problem, ...more]);
  const found = { id, folder: locked.path!, context: contextOf(locked) };
  return loadComponent(folder, found, index, texts);
}

/** What does not fit the lock. */
export function lockedFindings(
  folder: ProjectFolder,
  { id, path, integrity, source }: LockedComponent,
  texts: ComponentTexts,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const check = (name: string, text: string | undefined, checksum: unknown) => {
    if (typeof checksum !== 'string') return;
    const file = folder.nameOf(posix.join(path!, name));
    if (text === undefined) {
      found.push(diagnostic.COMP206({ file, why: `the lock names it for ${id}` }));
      return;
    }
    const digest = sha256Of(text);
    const wanted = digestOf(checksum) ?? checksum;
    if (digest !== wanted) {
      found.push(diagnostic.COMP225({ file, id, found: digest, wanted }, { file }));
    }
  };
  check(DESCRIPTOR_FILE, texts.descriptor, integrity);
  check(COMPOSE_FILE, texts.compose, source.extra?.['compose_sha256']);
  return found;
}

/** Relative ids of a component from elsewhere: those of its package, or of its neighbours. */
function contextOf({ resolved, source }: LockedComponent): IdContext {
  const [base, version] = splitVersion(resolved);
  const parent = base.slice(0, base.lastIndexOf('/'));
  const own = source.package?.startsWith('lcod://') === true ? source.package : undefined;
  return { base: own === undefined ? parent : splitVersion(own)[0], version, aliases: {} };
}
