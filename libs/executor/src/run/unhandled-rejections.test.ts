import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

// Some packages are CommonJS and require modules of Node.
const REQUIRE = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);`;

describe('handlers that reject when nobody listens', () => {
  let folder = '';
  let script = '';
  beforeAll(async () => {
    await mkdir(join(here, '../../out-tsc'), { recursive: true });
    folder = await mkdtemp(join(here, '../../out-tsc/rejections-'));
    script = join(folder, 'script.mjs');
    await build({
      entryPoints: [join(here, '../testing/rejection-script.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['@basalt/source'],
      mainFields: ['module', 'main'],
      banner: { js: REQUIRE },
      external: ['lmdb', 'undici'],
      logLevel: 'silent',
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = (...args: string[]) =>
    new Promise<[code: unknown, stdout: string]>((resolve) => {
      execFile(process.execPath, [script, ...args], (error, stdout) =>
        resolve([error?.code ?? 0, stdout.trim()]),
      );
    });

  it('do not bring the process down', async () => {
    expect(await run()).toEqual([0, 'failed cancelled cancelled failed']);
  });

  it('would be noticed here', async () => {
    expect(await run('control')).toEqual([1, '']);
  });
});
