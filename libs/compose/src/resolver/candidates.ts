// What the sources of a resolver offer: components with their versions, of catalogues and of lists.
import { posix } from 'node:path';
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import { checkSource, type SourceKind } from '../descriptors/checked-source.js';
import { splitVersion } from '../descriptors/component-id.js';
import type { ComponentTexts } from '../workspace/load-component.js';
import { readManifestList, type ListEntry, type ListedList } from './manifest-list.js';
import type { LockSource } from './lock-file.js';
import { highestOf } from './pick-version.js';
import { placeFrom, placeText, type Place } from './place.js';
import {
  CATALOGUE,
  MANIFEST,
  SOURCES,
  type Catalogue,
  type ComponentSpec,
  type Manifest,
  type SourceEntry,
} from './registry-schemas.js';
import type { ReadOptions, SourceReader } from './source-reader.js';

/** A component that can be fetched. */
export interface Candidate {
  /** With its version. */
  readonly id: string;
  /** The lower one wins among sources of one version. */
  readonly priority: number;
  readonly source: LockSource;
  readonly fetch: () => Promise<ComponentTexts>;
}

const DEFAULT_PRIORITY = 100;

export class Candidates {
  readonly diagnostics: Diagnostic[] = [];
  private readonly byBase = new Map<string, Candidate[]>();
  private readonly visited = new Set<string>();

  constructor(private readonly reader: SourceReader) {}

  /** Adds all that a file of sources leads to. What is wrong with one source leaves it out and is told. */
  async addSources(file: Place): Promise<void> {
    await this.guarded(async () => {
      const { sources } = await this.checked<{ readonly sources: readonly SourceEntry[] }>(
        await this.reader.read(file),
        file,
        SOURCES,
      );
      for (const source of sources) await this.guarded(() => this.addSource(source, file));
    });
  }

  /** The highest version that fits, of the source with the lowest priority that has it. */
  best(base: string, range: string): Candidate | undefined {
    const offered = this.byBase.get(base) ?? [];
    const version = highestOf(this.versions(base), range);
    return offered
      .filter(({ id }) => splitVersion(id)[1] === version)
      .sort((a, b) => a.priority - b.priority)[0];
  }

  versions(base: string): readonly string[] {
    return (this.byBase.get(base) ?? []).map(({ id }) => splitVersion(id)[1]!);
  }

  /** The component that a specification leads to, whatever its id. `root` is a file of the project. */
  ofSpec(spec: ComponentSpec, root: Place, id: string): Candidate {
    const isWeb = spec.type === 'http' || spec.type === 'https';
    const way = isWeb ? (spec.url ?? spec.path) : (spec.path ?? spec.url);
    if (way === undefined) {
      const params = { source: id, reason: `its specification has no ${isWeb ? 'url' : 'path'}` };
      throw new DiagnosticError([diagnostic.COMP234(params)]);
    }
    const lcp = placeFrom(root, way.endsWith('lcp.toml') ? way : posix.join(way, 'lcp.toml'));
    const at = isWeb ? placeFrom(root, way) : lcp;
    const source = isWeb ? { type: spec.type, url: way } : { type: spec.type, path: way };
    return {
      id,
      priority: 0,
      source,
      fetch: () => this.texts(at, placeFrom(at, 'compose.yaml'), {}, spec.checksum),
    };
  }

  private async addSource(source: SourceEntry, file: Place): Promise<void> {
    const { entrypoint, transport = {}, priority = DEFAULT_PRIORITY } = source;
    if (entrypoint.type === 'git') throw refused(source.id, 'git is no source of this resolver');
    const way = entrypoint.url ?? entrypoint.path;
    if (way === undefined) throw refused(source.id, 'its entrypoint has neither url nor path');
    const place = placeFrom(file, way);
    const checksum = entrypoint.checksum ?? source.checksum;
    await this.addFile(place, { ...transport, checksum }, priority, undefined);
  }

  /** A catalogue or a list; each once. */
  private async addFile(
    place: Place,
    options: ReadOptions,
    priority: number,
    filter: ListedList | undefined,
  ): Promise<void> {
    const key = placeText(place);
    if (this.visited.has(key)) return;
    this.visited.add(key);
    const text = await this.reader.read(place, options);
    const { checksum: _, ...transport } = options;
    if (isList(text)) {
      for (const entry of readManifestList(text, key)) {
        await this.guarded(() => this.addEntry(entry, place, transport, priority, filter));
      }
      return;
    }
    const { components } = await this.checked<Catalogue>(text, place, CATALOGUE);
    for (const { id, versions } of components) {
      for (const { version, manifest, sha256 } of versions) {
        const at = placeFrom(place, manifest);
        this.add({
          id: `${splitVersion(id)[0]}@${version}`,
          priority,
          source: { type: 'registry', ...located(at), version },
          fetch: () => this.ofManifest(at, { ...transport, checksum: sha256 }),
        });
      }
    }
  }

  private async addEntry(
    entry: ListEntry,
    place: Place,
    options: ReadOptions,
    priority: number,
    filter: ListedList | undefined,
  ): Promise<void> {
    if (entry.kind === 'list') {
      return this.addFile(placeFrom(place, entry.at), options, priority, entry);
    }
    const [base, own] = splitVersion(entry.id);
    const version = own ?? entry.version ?? '0.0.0';
    if (filter !== undefined && !fits(filter, base, version, entry.package)) return;
    const compose = placeFrom(place, entry.compose);
    const lcp = placeFrom(entry.lcp === undefined ? compose : place, entry.lcp ?? 'lcp.toml');
    this.add({
      id: `${base}@${version}`,
      priority,
      source: {
        type: place.kind,
        ...located(lcp),
        ...(entry.package === undefined ? {} : { package: entry.package }),
      },
      fetch: () => this.texts(lcp, compose, options),
    });
  }

  private add(candidate: Candidate): void {
    const [base] = splitVersion(candidate.id);
    this.byBase.set(base, [...(this.byBase.get(base) ?? []), candidate]);
  }

  private async texts(
    lcp: Place,
    compose: Place,
    options: ReadOptions,
    checksum?: string,
  ): Promise<ComponentTexts> {
    return {
      descriptor: await this.reader.read(lcp, { ...options, checksum }),
      compose: await this.reader.read(compose, options),
    };
  }

  /** The files that a manifest lists, each by its checksum. */
  private async ofManifest(place: Place, options: ReadOptions): Promise<ComponentTexts> {
    const text = await this.reader.read(place, options);
    const { files } = await this.checked<Manifest>(text, place, MANIFEST);
    const read = async (name: string): Promise<string | undefined> => {
      const file = files.find(({ path }) => path === name);
      if (file === undefined) return undefined;
      return this.reader.read(placeFrom(place, name), { ...options, checksum: file.sha256 });
    };
    return { descriptor: await read('lcp.toml'), compose: await read('compose.yaml') };
  }

  private async checked<T>(text: string, place: Place, kind: SourceKind): Promise<T> {
    const { value, diagnostics } = await checkSource(text, placeText(place), kind);
    const [first, ...rest] = diagnostics;
    if (first !== undefined) throw new DiagnosticError([first, ...rest]);
    return value as T;
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      this.diagnostics.push(...error.diagnostics);
    }
  }
}

/** A list has several lines of JSON, the first of which says that it is one. */
function isList(text: string): boolean {
  return /^\s*\{[^\n]*"lcod-manifest\/list@/.test(text);
}

function fits(
  { namespace, package: wanted, version: range }: ListedList,
  base: string,
  version: string,
  itsPackage: string | undefined,
): boolean {
  if (namespace !== undefined && !base.startsWith(`lcod://${namespace.replace(/\/$/, '')}/`)) {
    return false;
  }
  if (wanted !== undefined && itsPackage !== wanted) return false;
  return range === undefined || highestOf([version], range) !== undefined;
}

function located(place: Place): { readonly url: string } | { readonly path: string } {
  return place.kind === 'http' ? { url: place.url } : { path: place.path };
}

function refused(source: string, reason: string): DiagnosticError {
  return new DiagnosticError([diagnostic.COMP234({ source: `The source ${source}`, reason })]);
}
