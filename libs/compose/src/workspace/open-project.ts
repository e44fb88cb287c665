// A project: a workspace, a package, or a folder with composes. Opening one reads nothing but whether its folder
// exists; components are indexed when the first id is looked up, and read when they are first called.
import { posix } from 'node:path';
import { DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import { readDescriptor } from '../descriptors/read-descriptor.js';
import type { ReadCompose } from '../document/read-compose.js';
import type { LockFile, ReadLock } from '../resolver/lock-file.js';
import type { Resolved, ResolveOptions } from '../resolver/resolve-project.js';
import type { Component } from '../run/component.js';
import type { ComponentLoader, Registry } from '../run/registry.js';
import { standardRegistry } from '../run/standard-registry.js';
import type { ProjectIndex } from './component-index.js';
import { ProjectFolder } from './project-folder.js';
import type { IdContext } from './relative-ids.js';

export interface Project {
  /** Real path of its folder. */
  readonly root: string;
  /** Components of the project by id; a major version gives the highest one of it. Throws what is wrong
   * with a component that is there. */
  readonly loader: ComponentLoader;
  /** What composes may call, the components of the project included, with the bindings of the lock. A new
   * one each time. Throws what is wrong with the lock. */
  registry(): Promise<Registry>;
  /** A compose with its relative ids made whole. `file` is its path. */
  readCompose(text: string, file: string): Promise<ReadCompose>;
  /** Everything that is wrong with the project. */
  check(): Promise<readonly Diagnostic[]>;
  /** Finds all that the project requires and writes lcp.lock; where there are errors the lock stays as it
   * was. */
  resolve(options: ResolveOptions): Promise<Resolved>;
  /** What lcp.lock holds; undefined where there is none. Throws what is wrong with it. */
  lock(): Promise<LockFile | undefined>;
}

/** Throws COMP206 where the folder is missing. */
export async function openProject(folder: string): Promise<Project> {
  return new OpenProject(await ProjectFolder.open(folder));
}

class OpenProject implements Project {
  private indexed: Promise<ProjectIndex> | undefined;
  private lockRead: Promise<ReadLock | undefined> | undefined;

  constructor(private readonly folder: ProjectFolder) {}

  get root(): string {
    return this.folder.root;
  }

  readonly loader: ComponentLoader = async (id) => {
    const index = await this.index();
    const { findIndexed } = await import('./component-index.js');
    const found = findIndexed(index, id);
    if (found === undefined) return this.locked(id, index);
    const { componentTexts, loadComponent } = await import('./load-component.js');
    const texts = await componentTexts(this.folder, found.folder);
    return loadComponent(this.folder, found, index, texts);
  };

  async registry(): Promise<Registry> {
    const registry = standardRegistry(this.loader);
    for (const { bindings = [] } of (await this.lock())?.components ?? []) {
      for (const { contract, implementation } of bindings) registry.bind(contract, implementation);
    }
    return registry;
  }

  async readCompose(text: string, file: string): Promise<ReadCompose> {
    const { readProjectCompose } = await import('./load-component.js');
    return readProjectCompose(text, file, await this.contextFor(file), await this.index());
  }

  async check(): Promise<readonly Diagnostic[]> {
    const { checkProject } = await import('./check-project.js');
    const lock = await this.readLock();
    const found = await checkProject(this.folder, await this.index(), lock?.lock);
    return [...(lock?.diagnostics ?? []), ...found];
  }

  async resolve(options: ResolveOptions): Promise<Resolved> {
    const { resolveProject } = await import('../resolver/resolve-project.js');
    const resolved = await resolveProject(this.folder, await this.index(), options);
    this.lockRead = undefined;
    return resolved;
  }

  async lock(): Promise<LockFile | undefined> {
    const read = await this.readLock();
    const [first, ...rest] = read?.diagnostics ?? [];
    if (first !== undefined) throw new DiagnosticError([first, ...rest]);
    return read?.lock;
  }

  private async locked(id: string, index: ProjectIndex): Promise<Component | undefined> {
    const lock = await this.lock();
    if (lock === undefined) return undefined;
    const { findLocked, loadLocked } = await import('../resolver/locked-components.js');
    const locked = findLocked(lock, id);
    return locked === undefined ? undefined : loadLocked(this.folder, locked, id, index);
  }

  private readLock(): Promise<ReadLock | undefined> {
    this.lockRead ??= (async () => {
      const text = await this.folder.read('lcp.lock');
      if (text === undefined) return undefined;
      const { readLock } = await import('../resolver/lock-file.js');
      return readLock(text, this.folder.nameOf('lcp.lock'));
    })();
    return this.lockRead;
  }

  private index(): Promise<ProjectIndex> {
    this.indexed ??= import('./component-index.js').then(({ indexProject }) =>
      indexProject(this.folder),
    );
    return this.indexed;
  }

  /** What relative ids of a compose mean: those of the package around it, or of the descriptor beside it. */
  private async contextFor(file: string): Promise<IdContext | undefined> {
    const way = await this.folder.wayTo(file);
    if (way === undefined) return undefined;
    const { packages, components } = await this.index();
    const own = posix.dirname(way);
    for (const { folder, context } of components.values()) if (folder === own) return context;
    for (let at = own; ; at = posix.dirname(at)) {
      const context = packages.get(at);
      if (context !== undefined) return context;
      if (at === '.') break;
    }
    const descriptorFile = posix.join(own, 'lcp.toml');
    const text = await this.folder.read(descriptorFile);
    if (text === undefined) return undefined;
    const { descriptor } = await readDescriptor(text, this.folder.nameOf(descriptorFile));
    const { contextOf } = await import('./load-component.js');
    return descriptor === undefined ? undefined : contextOf(descriptor);
  }
}
