// Reads files of sources: from folders that are granted, from web servers through the client of the host, and
// from caches by their checksum. Nothing is used before its checksum is right.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { grantedPath, replaceFile } from '@basalt/capabilities';
import { diagnostic, DiagnosticError } from '@basalt/diagnostics';
import type { ComposeHost } from '../host/compose-host.js';
import { digestOf, sha256Of } from './integrity.js';
import { placeText, type Place } from './place.js';

/** Largest file of a source, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

export interface ReadOptions {
  /** SHA-256 that the file must have, in any of its writings. */
  readonly checksum?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs?: number | undefined;
  readonly retries?: number | undefined;
}

export interface SourceReaderOptions {
  readonly host: ComposeHost;
  /** Real path of the project, whose files may be read. */
  readonly root: string;
  /** Starts of addresses, and what takes their place. */
  readonly mirrors?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Where caches may be, the first one first: in the project, where LCOD_CACHE_DIR says, in the home folder. */
export function cacheFolders(root: string, environment: ComposeHost['environment']): string[] {
  const named = environment['LCOD_CACHE_DIR'];
  return [
    join(root, '.lcod', 'cache'),
    ...(named === undefined || named === '' ? [] : [named]),
    join(environment['HOME'] ?? homedir(), '.cache', 'lcod'),
  ];
}

export class SourceReader {
  constructor(private readonly options: SourceReaderOptions) {}

  /** Throws COMP234 where it cannot be read, COMP235 where it is not what it should be. */
  async read(place: Place, options: ReadOptions = {}): Promise<string> {
    this.options.signal?.throwIfAborted();
    const wanted = this.digest(place, options.checksum);
    const cached = wanted === undefined ? undefined : await this.cached(wanted);
    if (cached !== undefined) return cached;
    const bytes = await this.fetched(place, options);
    if (wanted !== undefined) {
      const found = sha256Of(bytes);
      if (found !== wanted) {
        const params = { source: placeText(place), found, wanted };
        throw new DiagnosticError([diagnostic.COMP235(params)]);
      }
      if (place.kind === 'http') await this.keep(found, bytes);
    }
    return bytes.toString('utf8');
  }

  private digest(place: Place, checksum: string | undefined): string | undefined {
    if (checksum === undefined) return undefined;
    const digest = digestOf(checksum);
    if (digest !== undefined) return digest;
    throw unreachable(place, `its checksum ${JSON.stringify(checksum)} is no SHA-256`);
  }

  private async fetched(place: Place, options: ReadOptions): Promise<Buffer> {
    try {
      return place.kind === 'file'
        ? await this.file(place.path)
        : await this.web(place.url, options);
    } catch (error) {
      this.options.signal?.throwIfAborted();
      const reason =
        error instanceof DiagnosticError ? error.diagnostic.message : (error as Error).message;
      throw unreachable(place, reason.replace(/\.$/, ''), error);
    }
  }

  private async file(path: string): Promise<Buffer> {
    const { host, root } = this.options;
    const bytes = await readFile(await grantedPath('resolve', path, [root, ...host.readRoots]));
    if (bytes.byteLength > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    return bytes;
  }

  private async web(address: string, options: ReadOptions): Promise<Buffer> {
    const { http } = this.options.host;
    if (http === undefined) throw new Error('the host grants no http');
    const url = this.mirrored(address);
    for (let left = options.retries ?? 0; ; left -= 1) {
      try {
        const request = {
          method: 'GET',
          url,
          headers: options.headers ?? {},
          ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
        };
        const { status, body } = await http.following.send(request, this.options.signal);
        if (status === 200) return bounded(body);
        throw new Error(`the server answers ${status}`);
      } catch (error) {
        if (left <= 0) throw error;
      }
    }
  }

  /** The address with the longest start that has a mirror, at the mirror. */
  private mirrored(address: string): string {
    const mirrors = Object.entries(this.options.mirrors ?? {})
      .filter(([start]) => address.startsWith(start))
      .sort(([a], [b]) => b.length - a.length);
    const [best] = mirrors;
    return best === undefined ? address : `${best[1]}${address.slice(best[0].length)}`;
  }

  private async cached(digest: string): Promise<string | undefined> {
    for (const folder of this.caches()) {
      const bytes = await readFile(join(folder, 'sha256', digest)).catch(() => undefined);
      // A damaged cache is as good as none.
      if (bytes !== undefined && sha256Of(bytes) === digest) return bytes.toString('utf8');
    }
    return undefined;
  }

  /** Keeps a file in the first cache that can be written; none has to be. */
  private async keep(digest: string, bytes: Buffer): Promise<void> {
    for (const cache of this.caches()) {
      try {
        const folder = join(cache, 'sha256');
        await mkdir(folder, { recursive: true });
        return await replaceFile(join(folder, `.${randomUUID()}`), join(folder, digest), bytes);
      } catch {
        // The next one may be writable.
      }
    }
  }

  private caches(): readonly string[] {
    return cacheFolders(this.options.root, this.options.host.environment);
  }
}

function bounded(body: Uint8Array): Buffer {
  if (body.byteLength > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
  return Buffer.from(body);
}

function unreachable(place: Place, reason: string, cause?: unknown): DiagnosticError {
  const finding = diagnostic.COMP234({ source: placeText(place), reason });
  return new DiagnosticError([finding], { cause });
}
