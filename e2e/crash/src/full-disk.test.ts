// A disk that fills up under jobs, workers that are killed meanwhile, and room in the end. On a small
// file system the workers are the real ones; where none can be mounted they are the suite's own, which
// take a limit on free space.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DiagnosticError } from '@basalt/diagnostics';
import { bundlePrograms } from './child-programs.js';
import { crashJob, type CrashJob } from './crash-jobs.js';
import { openJournaledPlace, type JournaledPlace } from './crash-place.js';
import { PULLING, ownWorker, realWorker } from './crash-programs.js';
import { startEffectLedger, type EffectLedger } from './effect-ledger.js';
import { judgeJobs } from './judge-jobs.js';
import { Respawned } from './respawned.js';
import { canMount, smallDisk, type SmallDisk } from './small-disk.js';

const project = fileURLToPath(new URL('..', import.meta.url));
const mounted = canMount();
const where = mounted ? 'a small file system' : 'an ordinary one, by a limit on free space';
const LARGE = 'x'.repeat(200_000);

let closers: (() => Promise<void>)[];
let ledger: EffectLedger;
let disk: SmallDisk;
let open: JournaledPlace;
let worker: Respawned;
let endedByThemselves: string[];

beforeEach(async () => {
  closers = [];
  endedByThemselves = [];
  const programs = await bundlePrograms(project, ['crash-worker']);
  ledger = await startEffectLedger(6, { refused: 0, lost: 0, delayMs: 5 });
  closers.push(() => ledger.close());
  disk = await smallDisk(mounted);
  closers.push(() => disk.remove());
  const folder = join(disk.folder, 'kept');
  await mkdir(folder);
  const { minFreeBytes } = disk;
  const place = { backend: 'embedded', folder, minFreeBytes } as const;
  open = await openJournaledPlace(place, () => undefined);
  closers.push(() => open.close());
  closers.push(() => programs.cleanUp());
  const blobs = join(disk.folder, 'blobs');
  const setting = { programs, project, ledgerUrl: ledger.url, blobs, nodeOptions: [] };
  const program = mounted ? realWorker(setting, place, PULLING) : ownWorker(setting, place);
  worker = new Respawned(program, {
    fault: () => undefined,
    endedByItself: (_role, _status, said) => void endedByThemselves.push(said),
  });
});

afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

/** What refused a job; undefined when it is in. */
async function add({ job }: CrashJob): Promise<string | undefined> {
  try {
    await open.queue.enqueue([{ ...job, extensions: { large: LARGE } }]);
    return undefined;
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostic.code;
    throw error;
  }
}

/** Adds chains, and jobs that spill onto the same disk, until one is refused, which is the last. */
async function fill(): Promise<{ readonly jobs: readonly CrashJob[]; readonly code: string }> {
  const jobs: CrashJob[] = [];
  for (let n = 0; ; n += 1) {
    const [chain, spill] = [11 * n, 11 * n + 9];
    const crash = crashJob(n % 2 === 0 ? chain : spill, 'd', ledger.url, 'embedded');
    jobs.push(crash);
    const code = await add(crash);
    if (code !== undefined) return { jobs, code };
  }
}

async function isDone(): Promise<boolean> {
  const { ready, delayed, active } = (await open.queue.status()).counts;
  return ready + delayed + active === 0;
}

describe(`a disk that fills up: ${where}`, () => {
  it('refuses jobs with a code, loses none that it took and repeats no effect', async () => {
    const { jobs, code } = await fill();
    expect(code).toBe('CAP107');
    for (let kills = 0; kills < 3; kills += 1) {
      await worker.ready;
      await delay(100);
      await worker.kill();
      worker.again();
    }
    await disk.makeRoom();
    while ((await add(jobs.at(-1)!)) !== undefined) await delay(50);
    while (!(await isDone())) await delay(50);
    const { lost, repeated } = await judgeJobs(jobs, open, ledger.entries());
    expect({ lost, repeated, endedByThemselves }).toEqual({
      lost: [],
      repeated: [],
      endedByThemselves: [],
    });
  });
});
