import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { codeOf, temporaryFolder } from '../../test/store-fixture.js';
import type { FileSystem } from '../capability-set.js';
import { diskFs } from './disk-fs.js';

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
let folder: string;
let cleanUp: () => Promise<void>;
let fs: FileSystem;

beforeEach(async () => {
  ({ path: folder, cleanUp } = await temporaryFolder());
  for (const name of ['in', 'out', 'private']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'in', 'a.txt'), 'abc');
  await mkdir(join(folder, 'in', 'sub'));
  await writeFile(join(folder, 'private', 'key'), 'secret');
  const roots = { readRoots: [join(folder, 'in')], writeRoots: [join(folder, 'out')] };
  fs = await diskFs({ ...roots, maxFileBytes: 10 });
});
afterEach(() => cleanUp());

describe('diskFs', () => {
  it('reads, lists, writes and removes where it may', async () => {
    expect(await fs.read('a.txt')).toEqual(bytes('abc'));
    expect(await fs.read(join(folder, 'in', 'a.txt'))).toEqual(bytes('abc'));
    expect(await fs.list('')).toEqual(['a.txt', 'sub/']);
    await fs.write('new/deep/b.txt', bytes('1'));
    await fs.write('new/deep/b.txt', bytes('22'));
    expect(await readFile(join(folder, 'out/new/deep/b.txt'), 'utf8')).toBe('22');
    expect(await readdir(join(folder, 'out/new/deep'))).toEqual(['b.txt']);
    await fs.remove('new/deep/b.txt');
    expect(await readdir(join(folder, 'out/new/deep'))).toEqual([]);
  });

  it('keeps reading and writing apart, and grants nothing by default', async () => {
    const none = await diskFs();
    const codes = await Promise.all([
      codeOf(fs.write(join(folder, 'in', 'a.txt'), bytes('x'))),
      codeOf(fs.read(join(folder, 'out', 'b.txt'))),
      codeOf(fs.remove(join(folder, 'in', 'a.txt'))),
      codeOf(none.read('a.txt')),
      codeOf(none.write('a.txt', bytes('x'))),
    ]);
    expect(codes).toEqual(Array.from({ length: 5 }, () => 'CAP111'));
    expect(await readFile(join(folder, 'in', 'a.txt'), 'utf8')).toBe('abc');
  });

  it.each([
    '..',
    '../private/key',
    'sub/../../private/key',
    '..\\private\\key',
    'a.txt\0.png',
    '/etc/passwd',
    'x'.repeat(5000),
    7 as never,
    null as never,
  ])('refuses %.20p', async (path) => {
    const codes = [await codeOf(fs.read(path)), await codeOf(fs.write(path, bytes('x')))];
    expect(codes).toEqual(['CAP111', 'CAP111']);
  });

  it('does not follow links out', async () => {
    await symlink(join(folder, 'private'), join(folder, 'in', 'link'));
    await symlink(join(folder, 'private', 'key'), join(folder, 'in', 'file-link'));
    await symlink(join(folder, 'private'), join(folder, 'out', 'link'));
    await symlink(join(folder, 'private', 'made'), join(folder, 'out', 'dangling'));
    await symlink('loop', join(folder, 'in', 'loop'));
    const codes = await Promise.all([
      codeOf(fs.read('link/key')),
      codeOf(fs.read('file-link')),
      codeOf(fs.list('link')),
      codeOf(fs.read('loop')),
      codeOf(fs.write('link/made', bytes('x'))),
      codeOf(fs.write('dangling', bytes('x'))),
      codeOf(fs.remove('link/key')),
    ]);
    expect(codes).toEqual(Array.from({ length: 7 }, () => 'CAP111'));
    expect(await readdir(join(folder, 'private'))).toEqual(['key']);
    await fs.remove('link');
    await expect(lstat(join(folder, 'out', 'link'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readFile(join(folder, 'private', 'key'), 'utf8')).toBe('secret');
  });

  it('follows links that stay inside', async () => {
    await symlink('a.txt', join(folder, 'in', 'alias'));
    expect(await fs.read('alias')).toEqual(bytes('abc'));
  });

  it('refuses what is no plain file, not there, or too large', async () => {
    await writeFile(join(folder, 'in', 'large'), 'x'.repeat(11));
    execFileSync('mkfifo', [join(folder, 'in', 'pipe')]);
    const codes = await Promise.all([
      codeOf(fs.read('large')),
      codeOf(fs.read('pipe')),
      codeOf(fs.read('sub')),
      codeOf(fs.read('missing')),
      codeOf(fs.list('a.txt')),
      codeOf(fs.list('missing')),
      codeOf(fs.remove('missing')),
      codeOf(fs.write('large', new Uint8Array(11))),
      codeOf(fs.write('text', 'x' as never)),
      codeOf(fs.write('', bytes('x'))),
    ]);
    expect(codes).toEqual([
      ...Array.from({ length: 7 }, () => 'CAP112'),
      'CAP104',
      'CAP103',
      'CAP112',
    ]);
  });

  it('never reads or writes outside, whatever the path', async () => {
    const part = fc.constantFrom('..', '.', '', '/', '\\', 'in', 'out', 'private', 'key', 'a.txt');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
        const path = parts.join('/');
        const read = await fs.read(path).catch(() => undefined);
        expect(read === undefined || Buffer.from(read).toString() === 'abc').toBe(true);
        await fs.write(path, bytes('x')).catch(() => undefined);
      }),
    );
    expect((await readdir(folder)).sort()).toEqual(['in', 'out', 'private']);
    expect(await readFile(join(folder, 'private', 'key'), 'utf8')).toBe('secret');
  });

  it('refuses roots that are no folders', async () => {
    const codes = await Promise.all([
      codeOf(diskFs({ readRoots: [join(folder, 'missing')] })),
      codeOf(diskFs({ writeRoots: [join(folder, 'in', 'a.txt')] })),
    ]);
    expect(codes).toEqual(['CAP105', 'CAP105']);
  });
});
