import { mkdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callContract, contractFailure, withGrantedFolder } from '../testing/run-contract.js';

test('files are written whole or appended, and read back', () =>
  withGrantedFolder(async (host, folder) => {
    const write = (input: object) =>
      callContract('core/fs/write-file', { path: 'a/b.txt', ...input }, host);
    expect(await write({ data: 'h\u00e9', createParents: true })).toMatchObject({
      bytesWritten: 3,
    });
    expect(await write({ data: '21', encoding: 'hex', append: true })).toMatchObject({
      bytesWritten: 1,
    });
    expect(await readFile(join(folder, 'a/b.txt'), 'utf8')).toBe('h\u00e9!');
    await write({ data: 'x', mode: 0o600 });
    await write({ data: 'y' });
    expect((await stat(join(folder, 'a/b.txt'))).mode & 0o777).toBe(0o600);
    const read = await callContract(
      'core/fs/read-file',
      { path: 'a/b.txt', encoding: 'base64' },
      host,
    );
    expect(read).toMatchObject({ data: 'eQ==', encoding: 'base64', size: 1 });
  }));

test('folders are listed by name, depth, pattern', () =>
  withGrantedFolder(async (host, folder) => {
    await mkdir(join(folder, 'd/e'), { recursive: true });
    for (const name of ['b.ts', '.hidden', 'd/c.ts', 'd/e/x.md'])
      await writeFile(join(folder, name), 'x');
    await symlink('/etc', join(folder, 'link'));
    const list = async (input: object) => {
      const found = await callContract('core/fs/list-dir', { path: '.', ...input }, host);
      return (found as { entries: { path: string; type: string }[] }).entries;
    };
    const paths = async (input: object) => (await list(input)).map(({ path }) => path);
    expect(await list({})).toEqual([
      { name: 'b.ts', path: 'b.ts', type: 'file' },
      { name: 'd', path: 'd', type: 'directory' },
      { name: 'link', path: 'link', type: 'symlink' },
    ]);
    const all = ['b.ts', 'd', 'd/c.ts', 'd/e', 'd/e/x.md', 'link'];
    expect(await paths({ recursive: true })).toEqual(all);
    expect(await paths({ recursive: true, maxDepth: 1 })).toEqual(
      all.filter((p) => p !== 'd/e/x.md'),
    );
    expect(await paths({ recursive: true, pattern: '*.ts' })).toEqual(['b.ts', 'd/c.ts']);
    expect(await paths({ recursive: true, pattern: 'd/**' })).toEqual([
      'd',
      'd/c.ts',
      'd/e',
      'd/e/x.md',
    ]);
    expect(await paths({ includeHidden: true, pattern: '.*' })).toEqual(['.hidden']);
    expect(await list({ pattern: 'b.ts', includeStats: true })).toMatchObject([{ size: 1 }]);
  }));

test('stat tells what is there, and that nothing is', () =>
  withGrantedFolder(async (host, folder) => {
    await writeFile(join(folder, 'f'), 'abc');
    await symlink('f', join(folder, 'link'));
    const of = (path: string, followSymlinks = true) =>
      callContract('core/fs/stat', { path, followSymlinks }, host);
    expect(await of('f')).toMatchObject({ exists: true, isFile: true, size: 3, isSymlink: false });
    expect(await of('link')).toMatchObject({ isFile: true, isSymlink: false });
    expect(await of('link', false)).toMatchObject({ isFile: false, isSymlink: true });
    expect(await of('none')).toMatchObject({ exists: false, size: null, mtime: null });
  }));

test('files feed the contracts that take a path', () =>
  withGrantedFolder(async (host, folder) => {
    await writeFile(join(folder, 'f.json'), '{"a":1}');
    const path = { path: 'f.json' };
    expect(await callContract('core/parse/json', path, host)).toMatchObject({ value: { a: 1 } });
    expect(await callContract('core/hash/sha256', path, host)).toMatchObject({ bytes: 7 });
  }));

test.each([
  ['core/fs/read-file', { path: '../x' }],
  ['core/fs/read-file', { path: '/etc/passwd' }],
  ['core/fs/read-file', { path: 'out/passwd' }],
  ['core/fs/write-file', { path: 'out/x', data: 'x' }],
  ['core/fs/write-file', { path: '/tmp/../etc/x', data: 'x' }],
  ['core/fs/list-dir', { path: 'out' }],
  ['core/fs/stat', { path: '/' }],
  ['core/parse/json', { path: '/etc/passwd' }],
  ['core/hash/sha256', { path: 'out/passwd' }],
])('%s does not leave its folder by %j', (name, input) =>
  withGrantedFolder(async (host, folder) => {
    await symlink('/etc', join(folder, 'out'));
    expect((await contractFailure(name, input, host))[0]).toBe('CAP111');
  }),
);

test('a file that is too large for one piece is refused, and may be hashed', () =>
  withGrantedFolder(async (host, folder) => {
    await writeFile(join(folder, 'f'), '');
    await truncate(join(folder, 'f'), 64 * 1024 * 1024 + 1);
    const of = (name: string) => contractFailure(`core/${name}`, { path: 'f' }, host);
    expect((await of('fs/read-file'))[0]).toBe('COMP114');
    expect((await of('parse/json'))[0]).toBe('COMP114');
    const hash = await callContract('core/hash/sha256', { path: 'f' }, host);
    expect(hash).toMatchObject({ bytes: 64 * 1024 * 1024 + 1 });
  }));

test('nothing is granted by itself, and a missing file has its code', () =>
  withGrantedFolder(async (host, folder) => {
    await writeFile(join(folder, 'f'), 'x');
    const closed = { ...host, writeRoots: [] };
    const write = { path: 'f', data: 'y' };
    expect((await contractFailure('core/fs/write-file', write, closed))[0]).toBe('CAP111');
    expect(await readFile(join(folder, 'f'), 'utf8')).toBe('x');
    expect((await contractFailure('core/fs/read-file', { path: 'none' }, host))[0]).toBe('ENOENT');
    expect((await contractFailure('core/fs/read-file', { path: '.' }, host))[0]).toBe('EISDIR');
  }));
