// A project: a workspace, a package, or a folder with composes. Opening one reads nothing but whether its folder
// exists; components are indexed when the first id is looked up, and read when they are first called.
import { posix } from 'node:path';
import type { Diagnostic } from '@basalt/diagnostics';
import { readDescriptor } from '../descriptors/read-descriptor.js';
import type { ReadCompose } from '../document/read-compose.js';
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
  /** What composes may call, the components of the project included. A new one each time. */
  registry(): Promise<Registry>;
  /** A compose with its relative ids made whole. `file` is its path. */
  readCompose(text: string, file: string): Promise<ReadCompose>;
  /** Everything that is wrong with the project. */
  check(): Promise<readonly Diagnostic[]>;
}

/** Throws COMP206 where the folder is missing. */
export async function openProject(folder: string): Promise<Project> {
  return new OpenProject(await ProjectFolder.open(folder));
}

class OpenProject implements Project {
  private indexed: Promise<ProjectIndex> | undefined;

  constructor(private readonly folder: ProjectFolder) {}

  get root(): string {
    return this.folder.root;
  }

  readonly loader: ComponentLoader = async (id) => {
    const index = await this.index();
    const { findIndexed } = await import('./component-index.js');
    const found = findIndexed(index, id);
    if (found === undefined) return undefined;
    const { componentTexts, loadComponent } = await import('./load-component.js');
    const texts = await componentTexts(this.folder, found.folder);
    return loadComponent(this.folder, found, index, texts);
  };

  registry(): Promise<Registry> {
    return Promise.resolve(standardRegistry(this.loader));
  }

  async readCompose(text: string, file: string): Promise<ReadCompose> {
    const { readProjectCompose } = await import('./load-component.js');
    return readProjectCompose(text, file, await this.contextFor(file), await this.index());
  }

  async check(): Promise<readonly Diagnostic[]> {
    const { checkProject } = await import('./check-project.js');
    return checkProject(this.folder, await this.index());
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
