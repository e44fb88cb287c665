// A Redis server that comes back without its data: that is told, and nothing is executed again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DiagnosticError } from '@basalt/diagnostics';
import { startRedisServer } from '@basalt/test-servers';
import { bundlePrograms } from './child-programs.js';
import { crashJob } from './crash-jobs.js';
import { openJournaledPlace } from './crash-place.js';
import { ownWorker, realWorker } from './crash-programs.js';
import { startEffectLedger } from './effect-ledger.js';

const project = fileURLToPath(new URL('..', import.meta.url));
/** The number of a job that waits for an event after its first effect. */
const APPROVAL = 4;

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(20);
}

async function codeOf(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return 'nothing';
  } catch (error) {
    return error instanceof DiagnosticError ? error.diagnostic.code : String(error);
  }
}

it.each([
  ['the own', ownWorker],
  ['the real', realWorker],
])(
  'is told by %s worker: queue and journals are lost, and no effect is repeated',
  async (_, work) => {
    const programs = await bundlePrograms(project, ['crash-worker']);
    const blobs = await mkdtemp(join(tmpdir(), 'basalt-empty-redis-'));
    const ledger = await startEffectLedger(1, { refused: 0, lost: 0, delayMs: 0 });
    const redis = await startRedisServer({ args: ['--appendonly', 'yes'] });
    const place = { backend: 'redis', url: redis.url } as const;
    const open = await openJournaledPlace(place, () => undefined);
    try {
      const faults: string[] = [];
      const setting = { programs, project, ledgerUrl: ledger.url, blobs, nodeOptions: [] };
      work(setting, place).start((line) => void faults.push(line));
      const { job } = crashJob(APPROVAL, 'e', ledger.url, 'redis');
      await open.queue.enqueue([job]);
      await until(async () => (await open.queue.find(job.id))?.state === 'parked');
      await redis.kill();
      await rm(join(redis.folder, 'appendonlydir'), { recursive: true });
      await redis.start();
      await until(() => faults.some((fault) => fault.includes('is not what it was')));
      expect(await codeOf(() => open.journal.open(job.id))).toBe('JRNL201');
      expect(await codeOf(() => open.journal.info(job.id))).toBe('JRNL201');
      expect(await codeOf(() => open.queue.find(job.id))).toBe('QUE204');
      expect(await codeOf(() => open.queue.enqueue([job]))).toBe('QUE204');
      expect(ledger.entries().map(({ what }) => what)).toEqual(['e-4/ask']);
    } finally {
      await programs.cleanUp();
      await open.close().catch(() => undefined);
      await redis.stop();
      await ledger.close();
      await rm(blobs, { recursive: true, force: true });
    }
  },
);
