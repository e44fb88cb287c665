// Finds all components that a project requires, keeps their files in the cache of the project, and writes down
// what was found in lcp.lock. Where anything is wrong the lock stays as it was.
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import {
  diagnostic,
  DiagnosticError,
  isError,
  type Diagnostic,
  type Location,
} from '@basalt/diagnostics';
import { checkSource } from '../descriptors/checked-source.js';
import { splitVersion } from '../descriptors/component-id.js';
import type { Descriptor } from '../descriptors/descriptor.js';
import { readDescriptor, type ReadDescriptor } from '../descriptors/read-descriptor.js';
import type { ComposeHost } from '../host/compose-host.js';
import { DESCRIPTOR_FILE, findIndexed, type ProjectIndex } from '../workspace/component-index.js';
import type { ProjectFolder } from '../workspace/project-folder.js';
import { Candidates, type Candidate } from './candidates.js';
import { integrityOf, sha256Of } from './integrity.js';
import { LOCK_FILE, lockText, RESOLVER_VERSION } from './lock-file.js';
import type { LockedComponent, LockFile, LockSource } from './lock-file.js';
import { rangeOf } from './pick-version.js';
import type { Place } from './place.js';
import { CONFIG, type ResolveConfig } from './registry-schemas.js';
import { SourceReader } from './source-reader.js';

export interface ResolveOptions {
  readonly host: ComposeHost;
  /** File of sources (lcod-resolver/sources@1), from the project; sources.json where there is one. */
  readonly sources?: string | undefined;
  /** From the project; resolve.config.json where there is one. */
  readonly config?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Resolved {
  /** Undefined where there are errors. */
  readonly lock: LockFile | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Such components come with whatever runs the project. */
const BUILT_IN = /^lcod:\/\/(?:contract|core|flow|impl|axiom|tooling|kernel)\//;

export async function resolveProject(
  folder: ProjectFolder,
  index: ProjectIndex,
  options: ResolveOptions,
): Promise<Resolved> {
  const diagnostics: Diagnostic[] = index.diagnostics.filter(isError);
  const config = await readConfig(folder, options.config, diagnostics);
  const { host, signal } = options;
  const reader = new SourceReader({ host, root: folder.root, mirrors: config.mirrors, signal });
  const candidates = new Candidates(reader);
  const sources = options.sources ?? 'sources.json';
  if (options.sources !== undefined || (await folder.has(sources))) {
    await candidates.addSources({ kind: 'file', path: join(folder.root, sources) });
  }
  diagnostics.push(...candidates.diagnostics);
  const resolution = new Resolution(folder, index, config, candidates, diagnostics);
  await resolution.project();
  if (diagnostics.some(isError)) return { lock: undefined, diagnostics };
  const lock = await resolution.write();
  return { lock, diagnostics };
}

async function readConfig(
  folder: ProjectFolder,
  named: string | undefined,
  diagnostics: Diagnostic[],
): Promise<ResolveConfig> {
  const file = named ?? 'resolve.config.json';
  const text = await folder.read(file);
  if (text === undefined) {
    if (named !== undefined) {
      const why = 'it was named as the configuration';
      diagnostics.push(diagnostic.COMP206({ file: folder.nameOf(file), why }));
    }
    return {};
  }
  const { value, diagnostics: found } = await checkSource(text, folder.nameOf(file), CONFIG);
  diagnostics.push(...found);
  return (value ?? {}) as ResolveConfig;
}

/** Who requires something, and where that is written. */
interface Requirer {
  readonly id: string;
  readonly place: Location;
}

class Resolution {
  private readonly locked = new Map<string, LockedComponent>();
  private readonly done = new Set<string>();
  private readonly root: Place;
  private projectId: string | undefined;

  constructor(
    private readonly folder: ProjectFolder,
    private readonly index: ProjectIndex,
    private readonly config: ResolveConfig,
    private readonly candidates: Candidates,
    private readonly diagnostics: Diagnostic[],
  ) {
    this.root = { kind: 'file', path: join(folder.root, LOCK_FILE) };
  }

  /** What the packages and components of the project require. */
  async project(): Promise<void> {
    const ways = new Set([
      ...this.index.packages.keys(),
      ...[...this.index.components.values()].map((component) => component.folder),
    ]);
    for (const way of ways) {
      const read = await this.own(way);
      this.projectId ??= read?.descriptor?.id;
      if (read !== undefined) await this.requirements(read, []);
    }
  }

  async write(): Promise<LockFile> {
    const { projectId } = this;
    const bindings = Object.entries(this.config.bindings ?? {}).map(
      ([contract, implementation]) => ({
        contract,
        implementation,
      }),
    );
    const id = projectId ?? 'project';
    const own: LockedComponent = {
      id,
      resolved: id,
      source: { type: 'path', path: '.' },
      ...(bindings.length === 0 ? {} : { bindings }),
    };
    const lock: LockFile = {
      schemaVersion: '1.0',
      resolverVersion: RESOLVER_VERSION,
      projectId: id,
      components: [own, ...[...this.locked.values()].sort((a, b) => (a.id < b.id ? -1 : 1))],
    };
    await this.folder.write(LOCK_FILE, lockText(lock));
    return lock;
  }

  private async own(way: string): Promise<ReadDescriptor | undefined> {
    const file = posix.join(way, DESCRIPTOR_FILE);
    const text = await this.folder.read(file);
    return text === undefined ? undefined : readDescriptor(text, this.folder.nameOf(file));
  }

  /** Resolves what a descriptor requires; gives the ids that were picked. */
  private async requirements(
    { descriptor, at, diagnostics }: ReadDescriptor,
    chain: readonly string[],
  ): Promise<NonNullable<LockedComponent['dependencies']>> {
    if (descriptor === undefined) {
      this.diagnostics.push(...diagnostics.filter(isError));
      return [];
    }
    const found: { id: string; requested: string; resolved: string }[] = [];
    for (const [i, id] of (descriptor.deps?.requires ?? []).entries()) {
      if (BUILT_IN.test(id)) continue;
      const requirer = { id: descriptor.id, place: at(['deps', 'requires', i]) };
      try {
        const resolved = await this.require(id, requirer, [...chain, descriptor.id]);
        found.push({ id: splitVersion(id)[0], requested: id, resolved });
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error;
        for (const one of error.diagnostics) {
          this.diagnostics.push(
            one.location === undefined ? { ...one, location: requirer.place } : one,
          );
        }
      }
    }
    return found;
  }

  /** Gives the id with the version that was picked. */
  private async require(id: string, by: Requirer, chain: readonly string[]): Promise<string> {
    const { candidate, own } = this.choose(id, by);
    const resolved = own ?? candidate!.id;
    const start = chain.indexOf(resolved);
    if (start >= 0) {
      const params = { id: resolved, chain: [...chain.slice(start + 1), resolved].join(', ') };
      throw new DiagnosticError([diagnostic.COMP237(params, by.place)]);
    }
    if (this.locked.has(id) || this.done.has(id)) return this.locked.get(id)?.resolved ?? resolved;
    this.done.add(id);
    if (own !== undefined) {
      const read = await this.own(this.index.components.get(own)!.folder);
      if (read !== undefined) await this.requirements(read, chain);
      return own;
    }
    return this.lock(id, candidate!, chain);
  }

  private async lock(id: string, candidate: Candidate, chain: readonly string[]): Promise<string> {
    const { descriptor: text, compose } = await candidate.fetch();
    const name = candidate.source.url ?? candidate.source.path ?? candidate.id;
    const read = await readDescriptor(text ?? '', name);
    const [problem, ...more] = read.diagnostics.filter(isError);
    if (problem !== undefined) throw new DiagnosticError([problem, ...more]);
    const { id: resolved } = read.descriptor as Descriptor;
    if (resolved !== candidate.id && splitVersion(candidate.id)[1] !== undefined) {
      const reason = `its descriptor is that of ${resolved}`;
      throw new DiagnosticError([diagnostic.COMP234({ source: candidate.id, reason })]);
    }
    const dependencies = await this.requirements(read, chain);
    const path = posix.join('.lcod/cache/components', sha256Of(resolved).slice(0, 32));
    await this.folder.write(posix.join(path, DESCRIPTOR_FILE), text!);
    if (compose !== undefined) await this.folder.write(posix.join(path, 'compose.yaml'), compose);
    this.locked.set(id, {
      id,
      resolved,
      source: {
        ...this.portable(candidate.source),
        ...(compose === undefined ? {} : { extra: { compose_sha256: sha256Of(compose) } }),
      },
      integrity: integrityOf(text!),
      path,
      ...(dependencies.length === 0 ? {} : { dependencies }),
    });
    return resolved;
  }

  /** Paths are written from the folder of the project, so that a lock means the same elsewhere. */
  private portable(source: LockSource): LockSource {
    const { path } = source;
    if (path === undefined || !isAbsolute(path)) return source;
    return { ...source, path: relative(this.folder.root, path).split(sep).join('/') };
  }

  /** By replacements, the specifications of the configuration, the project, and the sources, in this order. */
  private choose(
    required: string,
    by: Requirer,
  ): { readonly candidate?: Candidate; readonly own?: string } {
    const { replace = {}, sources = {} } = this.config;
    let id = required;
    for (const chain = [id]; ; chain.push(id)) {
      const replacement = entryFor(replace, id);
      if (replacement === undefined) break;
      if (typeof replacement !== 'string') {
        return { candidate: this.candidates.ofSpec(replacement, this.root, splitVersion(id)[0]) };
      }
      const [base, version] = splitVersion(replacement);
      id = `${base}@${version ?? splitVersion(id)[1] ?? '*'}`;
      if (!chain.includes(id)) continue;
      const params = { id: required, chain: [...chain.slice(1), id].join(', ') };
      throw new DiagnosticError([diagnostic.COMP236(params, by.place)]);
    }
    const spec = entryFor(sources, id);
    const [base, range = '*'] = splitVersion(id);
    if (spec !== undefined) return { candidate: this.candidates.ofSpec(spec, this.root, base) };
    const own = findIndexed(this.index, id);
    if (own !== undefined) return { own: own.id };
    const candidate = this.candidates.best(base, range);
    if (candidate !== undefined) return { candidate };
    throw new DiagnosticError([this.missing(required, base, range, by)]);
  }

  private missing(id: string, base: string, range: string, by: Requirer): Diagnostic {
    const versions = this.candidates.versions(base);
    if (rangeOf(range) === undefined) return diagnostic.COMP231({ range }, by.place);
    if (versions.length > 0) {
      const params = { id: base, range, versions: [...new Set(versions)].join(', ') };
      return diagnostic.COMP230(params, by.place);
    }
    const reason = 'no source lists it';
    return diagnostic.COMP226({ id, by: by.id, reason }, by.place);
  }
}

/** What is written for an id, with its version or without. */
function entryFor<T>(entries: Readonly<Record<string, T>>, id: string): T | undefined {
  const [base] = splitVersion(id);
  if (Object.hasOwn(entries, id)) return entries[id];
  return Object.hasOwn(entries, base) ? entries[base] : undefined;
}
