// A disk that fills up while runs are written: a small file system where this process may mount one,
// and a high reserve on the ordinary one where it may not.
import { spawnSync } from 'node:child_process';
import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, ended, result, startOf } from '../../testing/sample-runs.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { openEmbeddedJournal } from './embedded-journal.js';

const ROOM = 24 * 2 ** 20;
const RESERVE = 8 * 2 ** 20;
let folder: string;
let minFreeBytes: number;
let mounted: boolean;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  const temporary = await temporaryFolder();
  folder = join(temporary.path, 'disk');
  await mkdir(folder);
  const size = `size=${ROOM + RESERVE}`;
  mounted =
    spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder], { stdio: 'ignore' }).status ===
    0;
  const { bavail, bsize } = await statfs(folder);
  minFreeBytes = mounted ? RESERVE : bavail * bsize - ROOM;
  cleanUp = async () => {
    if (mounted) spawnSync('umount', [folder], { stdio: 'ignore' });
    await temporary.cleanUp();
  };
});
afterEach(() => cleanUp());

describe('a disk that fills up', () => {
  it('stops the runs with a code, keeps what was acknowledged, and goes on when there is room', async () => {
    let store = await openEmbeddedJournal(join(folder, 'j'), { minFreeBytes, logBytes: 64 * 1024 });
    const large = 'x'.repeat(100_000);
    const kept = new Map<string, number>();
    let code = '';
    for (let i = 0; code === '' && i < 1000; i += 1) {
      const runId = `r${i}`;
      const created = await store
        .create(startOf(runId, { payload: large }))
        .catch((error) => error);
      if (created instanceof Error) {
        code = await codeOf(Promise.reject(created));
        break;
      }
      kept.set(runId, 0);
      for (let step = 1; step <= 5; step += 1) {
        created.append(result(step, large));
        code = await codeOf(created.flush());
        if (!code.startsWith('resolved')) break;
        code = '';
        kept.set(runId, step);
      }
      if (code === '') {
        created.append(ended());
        code = await codeOf(created.flush());
        if (code.startsWith('resolved')) code = '';
      }
      await created.close().catch(() => undefined);
    }
    expect(code).toBe('CAP107');
    await store.close().catch(() => undefined);
    store = await openEmbeddedJournal(join(folder, 'j'), { minFreeBytes });
    expect(await store.verify()).toEqual([]);
    for (const [runId, steps] of kept) {
      const records = await store.records(runId);
      expect(records.filter(({ kind }) => kind === 'result').length).toBeGreaterThanOrEqual(steps);
    }
    expect(await codeOf(store.create(startOf('more', { payload: large.repeat(30) })))).toBe(
      'CAP107',
    );
    // There is no room for a second copy, unless the disk is only said to be full.
    expect(await codeOf(store.compact())).toMatch(mounted ? /^CAP107$/ : /^resolved/);
    expect(await store.verify()).toEqual([]);
    expect(await store.prune({ keep: 1 })).toBeGreaterThan(10);
    const { before, after } = await store.compact();
    expect(after).toBeLessThan(before);
    const run = await store.create(startOf('more', { payload: large }));
    run.append(ended());
    await run.flush();
    await run.close();
    expect(await store.verify()).toEqual([]);
    await store.close();
  });
});
