// Which components a project holds, by id. Only the ids are read here; the rest of a component is read when it
// is first called.
import { posix } from 'node:path';
import {
  diagnostic,
  DiagnosticError,
  isError,
  type Diagnostic,
  type Location,
} from '@basalt/diagnostics';
import { readTomlSource } from '@basalt/source-text';
import { splitVersion } from '../descriptors/component-id.js';
import type { Descriptor } from '../descriptors/descriptor.js';
import { readDescriptor } from '../descriptors/read-descriptor.js';
import { isMap } from '../document/plain-values.js';
import { highestOf } from '../resolver/pick-version.js';
import type { ProjectFolder } from './project-folder.js';
import type { IdContext } from './relative-ids.js';
import { wholeId } from './relative-ids.js';
import { readWorkspace, type ReadWorkspace } from './read-workspace.js';

export const DESCRIPTOR_FILE = 'lcp.toml';
export const COMPOSE_FILE = 'compose.yaml';
export const WORKSPACE_FILE = 'workspace.lcp.toml';

/** Descriptors that are read at the same time. */
const READ_AT_ONCE = 64;

export interface IndexedComponent {
  readonly id: string;
  /** The way from the folder of the project. */
  readonly folder: string;
  readonly context: IdContext;
}

export interface ProjectIndex {
  readonly components: ReadonlyMap<string, IndexedComponent>;
  /** Folders of packages, and what relative ids mean in them. */
  readonly packages: ReadonlyMap<string, IdContext>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds what a workspace, or a package by itself, holds. What is wrong with a part leaves out the part. */
export async function indexProject(folder: ProjectFolder): Promise<ProjectIndex> {
  const indexer = new Indexer(folder);
  const text = await folder.read(WORKSPACE_FILE);
  if (text === undefined) {
    if (await folder.has(DESCRIPTOR_FILE)) await indexer.guarded(() => indexer.package('.', {}));
  } else {
    const read = await readWorkspace(text, folder.nameOf(WORKSPACE_FILE));
    indexer.diagnostics.push(...read.diagnostics);
    if (read.workspace !== undefined) await indexer.workspace(read);
  }
  return indexer;
}

/** Of the components with a base, the highest one that fits a version: the same, or any of the major one. */
export function findIndexed(index: ProjectIndex, id: string): IndexedComponent | undefined {
  const exact = index.components.get(id);
  if (exact !== undefined) return exact;
  const [base, version] = splitVersion(id);
  if (version === undefined || !/^\d+$/.test(version)) return undefined;
  const versions = [...index.components.keys()].flatMap((known) => {
    const [other, its] = splitVersion(known);
    return other === base && its !== undefined ? [its] : [];
  });
  const best = highestOf(versions, version);
  return best === undefined ? undefined : index.components.get(`${base}@${best}`);
}

class Indexer implements ProjectIndex {
  readonly components = new Map<string, IndexedComponent>();
  readonly packages = new Map<string, IdContext>();
  readonly diagnostics: Diagnostic[] = [];

  constructor(private readonly folder: ProjectFolder) {}

  async workspace({ workspace, at }: ReadWorkspace): Promise<void> {
    const { packages = [], scopeAliases = {}, components = [] } = workspace!.workspace;
    for (const [i, name] of packages.entries()) {
      const place = at(['workspace', 'packages', i]);
      await this.guarded(async () =>
        this.package(await this.folderOf(name, place), scopeAliases, place),
      );
    }
    for (const [i, { id, path }] of components.entries()) {
      const place = at(['workspace', 'components', i]);
      await this.guarded(() => this.listed(id, path, scopeAliases, place));
    }
  }

  /** A package with all components below its folder of components. */
  async package(way: string, aliases: IdContext['aliases'], namedAt?: Location): Promise<void> {
    const descriptor = await this.descriptor(way, namedAt);
    if (descriptor === undefined) return;
    const [base, version] = splitVersion(descriptor.id);
    const context: IdContext = { base, version, aliases };
    this.packages.set(way, context);
    const { componentsDir } = descriptor.workspace ?? {};
    if (componentsDir === undefined) {
      if (descriptor.kind !== 'workspace-package') this.add(descriptor.id, way, context);
      return;
    }
    const from = posix.join(way, componentsDir);
    const found = await this.folder.foldersWith(DESCRIPTOR_FILE, from, namedAt);
    for (let i = 0; i < found.length; i += READ_AT_ONCE) {
      const ways = found.slice(i, i + READ_AT_ONCE).filter((one) => one !== way);
      const texts = await Promise.all(
        ways.map((one) => this.folder.read(posix.join(one, DESCRIPTOR_FILE))),
      );
      for (const [k, one] of ways.entries()) await this.component(one, texts[k] ?? '', context);
    }
  }

  /** Goes on after what is wrong with one part. */
  async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      this.diagnostics.push(...error.diagnostics);
    }
  }

  /** `name` is a way, or the name of a folder in `packages`. */
  private async folderOf(name: string, namedAt: Location): Promise<string> {
    const way = posix.normalize(name);
    if (await this.folder.has(posix.join(way, DESCRIPTOR_FILE), namedAt)) return way;
    const usual = posix.join('packages', way);
    return (await this.folder.has(posix.join(usual, DESCRIPTOR_FILE), namedAt)) ? usual : way;
  }

  private async descriptor(way: string, namedAt?: Location): Promise<Descriptor | undefined> {
    const file = posix.join(way, DESCRIPTOR_FILE);
    const text = await this.folder.read(file, namedAt);
    if (text === undefined) {
      const params = { file: this.folder.nameOf(file), why: 'the workspace lists its package' };
      this.diagnostics.push(diagnostic.COMP206(params, namedAt));
      return undefined;
    }
    const { descriptor, diagnostics } = await readDescriptor(text, this.folder.nameOf(file));
    this.diagnostics.push(...diagnostics.filter(isError));
    return descriptor;
  }

  private async component(way: string, text: string, context: IdContext): Promise<void> {
    const shown = this.folder.nameOf(posix.join(way, DESCRIPTOR_FILE));
    const id = idOf(text, shown);
    if (id !== undefined) return this.add(id, way, context);
    // Whatever is wrong with it is told by the reader of descriptors.
    const { diagnostics } = await readDescriptor(text, shown);
    this.diagnostics.push(...diagnostics);
  }

  /** A component of the old list. */
  private async listed(
    id: string,
    path: string,
    aliases: IdContext['aliases'],
    namedAt: Location,
  ): Promise<void> {
    const way = posix.normalize(path);
    const descriptor = await this.descriptor(way, namedAt);
    if (descriptor === undefined) return;
    const [base, version] = splitVersion(descriptor.id);
    const context: IdContext = { base: parentOf(base), version, aliases };
    const whole = wholeId(id, context);
    if ('problem' in whole) {
      this.diagnostics.push({ ...whole.problem, location: namedAt });
    } else {
      this.add(whole.id, way, context);
    }
  }

  private add(id: string, folder: string, context: IdContext): void {
    const first = this.components.get(id);
    if (first === undefined) {
      this.components.set(id, { id, folder, context });
    } else if (first.folder !== folder) {
      const place = { file: this.folder.nameOf(posix.join(folder, DESCRIPTOR_FILE)) };
      const params = { id, first: this.folder.nameOf(first.folder) };
      this.diagnostics.push(diagnostic.COMP211(params, place));
    }
  }
}

/** The id of a descriptor. Most are found without reading all of it, which is most of what an index costs. */
function idOf(text: string, file: string): string | undefined {
  const [head = ''] = text.split(/^[ \t]*\[/m, 1);
  const plain = /^id[ \t]*=[ \t]*"([^"\\\n]*)"[ \t]*(?:#.*)?\r?$/m.exec(head)?.[1];
  if (plain !== undefined && !/"""|'''/.test(head)) return plain;
  const source = readTomlSource(text, file);
  const id = source.kind === 'read' && isMap(source.value) ? source.value['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

function parentOf(base: string): string {
  return base.slice(0, base.lastIndexOf('/'));
}
