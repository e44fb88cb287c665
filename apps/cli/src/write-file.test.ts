import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeIo } from './testing/fake-io.js';
import { readTextArgument, writeFileArgument } from './write-file.js';

let cwd: string;
beforeEach(async () => void (cwd = await mkdtemp(join(tmpdir(), 'basalt-files-'))));
afterEach(() => rm(cwd, { recursive: true, force: true }));

test('writes whole files, over old ones, with folders as needed', async () => {
  const { io } = fakeIo({ cwd });
  await writeFileArgument('a/b.txt', 'one', io);
  await writeFileArgument('a/b.txt', Uint8Array.of(0, 255), io);
  expect([...(await readFile(join(cwd, 'a/b.txt')))]).toEqual([0, 255]);
  expect(await readdir(join(cwd, 'a'))).toEqual(['b.txt']);
});

test('what cannot be written or read is named, and nothing is left behind', async () => {
  const { io } = fakeIo({ cwd });
  await mkdir(join(cwd, 'folder'));
  await writeFile(join(cwd, 'file'), 'kept');
  await symlink('loop', join(cwd, 'loop'));
  const cases: readonly (readonly [Promise<unknown>, string])[] = [
    [writeFileArgument('folder', 'x', io), 'folder cannot be written: it is a folder.'],
    [
      writeFileArgument('file/x', 'x', io),
      'file/x cannot be written: a part of the path is a file, not a folder.',
    ],
    [
      writeFileArgument(`${'n'.repeat(300)}`, 'x', io),
      `${'n'.repeat(300)} cannot be written: the name is too long.`,
    ],
    [readTextArgument('gone', io), 'gone cannot be read: there is no such file.'],
    [readTextArgument('folder', io), 'folder cannot be read: it is a folder.'],
    [readTextArgument('loop', io), 'loop cannot be read: its links lead in a circle.'],
  ];
  for (const [attempt, message] of cases)
    await expect(attempt).rejects.toThrow(`CLI007: ${message}`);
  expect((await readdir(cwd)).sort()).toEqual(['file', 'folder', 'loop']);
});

test('text is UTF-8, from a file or from stdin', async () => {
  const bytes = new TextEncoder().encode('\ufeffgrün');
  await writeFile(join(cwd, 'utf8'), bytes);
  await writeFile(join(cwd, 'latin1'), Uint8Array.of(0xe4));
  const { io } = fakeIo({ cwd, readStdin: () => Promise.resolve(bytes) });
  expect([await readTextArgument('utf8', io), await readTextArgument('-', io)]).toEqual([
    'grün',
    'grün',
  ]);
  await expect(readTextArgument('latin1', io)).rejects.toThrow(
    'CLI007: latin1 cannot be read: it is not UTF-8 text.',
  );
  const hostile = fakeIo({ readStdin: () => Promise.resolve(Uint8Array.of(0xff)) });
  await expect(readTextArgument('-', hostile.io)).rejects.toThrow('stdin cannot be read');
});

test('a file that may not be read', async () => {
  await writeFile(join(cwd, 'secret'), 'x');
  await chmod(join(cwd, 'secret'), 0);
  const { io } = fakeIo({ cwd });
  const attempt = readTextArgument('secret', io);
  // The superuser may read everything.
  if (process.getuid?.() === 0) expect(await attempt).toBe('x');
  else await expect(attempt).rejects.toThrow('CLI007: secret cannot be read: this user may not.');
});
