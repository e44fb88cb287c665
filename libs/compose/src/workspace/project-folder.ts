// The folder of a project. Nothing outside of it is read, wherever its files and links point.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { replaceFile } from '@basalt/capabilities';
import { diagnostic, DiagnosticError, type Location } from '@basalt/diagnostics';

/** How deep folders of components may be nested. */
const MAX_DEPTH = 32;

export class ProjectFolder {
  /** `root` is a real path; `shown` is how findings name it. */
  private constructor(
    readonly root: string,
    readonly shown: string,
  ) {}

  /** Throws COMP206 where the folder is missing. */
  static async open(folder: string): Promise<ProjectFolder> {
    try {
      return new ProjectFolder(await realpath(folder), folder);
    } catch (error) {
      if (!isAbsent(error)) throw error;
      const finding = diagnostic.COMP206({ file: folder, why: 'it is the folder of the project' });
      throw new DiagnosticError([finding]);
    }
  }

  /** How findings name a file of the folder. */
  nameOf(way: string): string {
    return join(this.shown, way);
  }

  /** Text of a file; undefined where there is none. Throws COMP212 for one that is elsewhere, placed where
   * it is named. */
  async read(way: string, namedAt?: Location): Promise<string | undefined> {
    const path = await this.inside(way, namedAt);
    if (path === undefined) return undefined;
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (isAbsent(error) || code === 'EISDIR') return undefined;
      throw error;
    }
  }

  async has(way: string, namedAt?: Location): Promise<boolean> {
    return (await this.inside(way, namedAt)) !== undefined;
  }

  /** Ways of all folders below one that hold a file of the name, in the order of their names. Hidden
   * folders, node_modules and links are left out. Throws COMP206 where the folder is a file. */
  async foldersWith(file: string, from: string, namedAt?: Location): Promise<readonly string[]> {
    const start = await this.inside(from, namedAt);
    const found: string[] = [];
    // Folders below a real path that are no links have real paths themselves.
    const visit = async (way: string, path: string, depth: number): Promise<void> => {
      const entries = await readdir(path, { withFileTypes: true });
      if (entries.some((entry) => entry.name === file && entry.isFile())) found.push(way);
      if (depth === MAX_DEPTH) return;
      const folders = entries
        .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name))
        .map((entry) => entry.name)
        .sort();
      for (const name of folders) await visit(posix.join(way, name), join(path, name), depth + 1);
    };
    if (start === undefined) return [];
    if (!(await stat(start)).isDirectory()) {
      const params = { file: this.nameOf(from), why: 'a folder of components is looked for there' };
      throw new DiagnosticError([diagnostic.COMP206(params, namedAt)]);
    }
    await visit(from, start, 0);
    return found;
  }

  /** Writes a file by way of another name. */
  async write(way: string, text: string): Promise<void> {
    const path = resolve(this.root, way);
    if (!isBelow(path, this.root)) throw this.outside(way);
    const folder = await existingPart(dirname(path));
    if (!isBelow(folder.real, this.root)) throw this.outside(way);
    const real = join(folder.real, folder.rest, posix.basename(way));
    await mkdir(dirname(real), { recursive: true });
    await replaceFile(`${real}.${randomUUID()}`, real, Buffer.from(text));
  }

  /** The way from the folder to a file that is inside it; undefined for any other. */
  async wayTo(file: string): Promise<string | undefined> {
    try {
      const real = join(await realpath(dirname(file)), posix.basename(file));
      return isBelow(real, this.root) ? relative(this.root, real).split(sep).join('/') : undefined;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** The real path of an entry of the folder; undefined where there is none. */
  private async inside(way: string, namedAt?: Location): Promise<string | undefined> {
    const path = resolve(this.root, way);
    if (way.includes('\0') || isAbsolute(way) || !isBelow(path, this.root)) {
      throw this.outside(way, namedAt);
    }
    try {
      const real = await realpath(path);
      if (isBelow(real, this.root)) return real;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
    throw this.outside(way, namedAt);
  }

  private outside(way: string, namedAt?: Location): DiagnosticError {
    const params = { path: JSON.stringify(way), folder: this.shown };
    return new DiagnosticError([diagnostic.COMP212(params, namedAt)]);
  }
}

/** The real path of the part of a folder that exists, and the way from there. */
async function existingPart(
  folder: string,
): Promise<{ readonly real: string; readonly rest: string }> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return { real: await realpath(at), rest: relative(at, folder) };
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
