import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

// Some packages are CommonJS and require modules of Node.
const REQUIRE = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);`;

describe('spilled messages', () => {
  let folder = '';
  let script = '';
  let data = '';
  beforeAll(async () => {
    await mkdir(join(here, '../../out-tsc'), { recursive: true });
    folder = await mkdtemp(join(here, '../../out-tsc/spill-'));
    script = join(folder, 'script.mjs');
    await build({
      entryPoints: [join(here, '../testing/spill-script.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['@basalt/source'],
      mainFields: ['module', 'main'],
      banner: { js: REQUIRE },
      external: ['lmdb', 'undici', 'ioredis'],
      logLevel: 'silent',
    });
  });
  beforeEach(async () => {
    data = await mkdtemp(join(folder, 'data-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Blobs in the store. A write that is cut off leaves a hidden file, which is none. */
  const blobs = async () => {
    const found = await readdir(join(data, 'blobs'), { recursive: true, withFileTypes: true });
    return found.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).length;
  };
  const COUNT = 20;
  const all = Array.from({ length: COUNT }, (_, i) => i);
  const finish = (count: number, ...before: string[]) =>
    new Promise<unknown>((resolve, reject) => {
      const [command, ...args] = [...before, process.execPath, script, data, 'finish', `${count}`];
      execFile(command!, args, (error, stdout) =>
        error === null ? resolve(JSON.parse(stdout)) : reject(error),
      );
    });

  it.each([
    ['all', COUNT],
    ['so few that none is spilled', 1],
  ])(
    'of a killed process are removed by the next of its name, which sends %s',
    async (_, count) => {
      const child = spawn(process.execPath, [script, data, 'hang', `${COUNT}`], {
        stdio: 'ignore',
      });
      const exited = once(child, 'exit');
      // One is in the hands of the receiver, two are on the edge, and each of the others is a file; the
      // mark is one more.
      while ((await blobs().catch(() => 0)) < all.length - 3 + 1) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      child.kill('SIGKILL');
      expect(await exited).toEqual([null, 'SIGKILL']);
      expect(await blobs()).toBeGreaterThanOrEqual(all.length - 3 + 1);
      expect(await finish(count)).toEqual({
        status: 'completed',
        codes: [],
        values: all.slice(0, count),
      });
      expect(await blobs()).toBe(0);
    },
  );

  it('that the disk does not take stop the execution, and are there when it is repeated', async () => {
    // In units of 512 bytes: no file may have more than 1 MiB.
    const limited = ['sh', '-c', 'ulimit -f 2048 && exec "$@"', 'sh'];
    expect(await finish(COUNT, ...limited)).toMatchObject({ status: 'failed', codes: ['RUN320'] });
    expect(await blobs()).toBe(0);
    expect(await finish(COUNT)).toEqual({ status: 'completed', codes: [], values: all });
    expect(await blobs()).toBe(0);
  });
});
