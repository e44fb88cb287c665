// A disk with little room: a small file system where this process may mount one, else a folder on an
// ordinary disk and a limit on free space that leaves as little.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What stores leave to others where nothing else is said, in bytes. */
const RESERVE = 16 * 2 ** 20;
/** What they may write before the disk is full for them. */
const ROOM = 8 * 2 ** 20;
/** What comes free in the end. */
const BALLAST = 48 * 2 ** 20;

/** Whether a small file system can be mounted here. */
export function canMount(): boolean {
  const probe = execFileSync('mktemp', ['-d']).toString().trim();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=65536', 'tmpfs', probe]);
  if (status === 0) spawnSync('umount', [probe]);
  execFileSync('rmdir', [probe]);
  return status === 0;
}

export interface SmallDisk {
  readonly folder: string;
  /** For stores; undefined where the disk itself is small. */
  readonly minFreeBytes: number | undefined;
  /** Somebody removes a large file. */
  makeRoom(): Promise<void>;
  remove(): Promise<void>;
}

export async function smallDisk(mounted: boolean): Promise<SmallDisk> {
  const above = await mkdtemp(join(tmpdir(), 'basalt-small-disk-'));
  const folder = join(above, 'disk');
  await mkdir(folder);
  const size = `size=${RESERVE + BALLAST + ROOM}`;
  if (mounted) execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder]);
  const ballast = join(folder, 'ballast');
  await writeFile(ballast, Buffer.alloc(BALLAST));
  const { bavail, bsize } = await statfs(folder);
  return {
    folder,
    minFreeBytes: mounted ? undefined : bavail * bsize - ROOM,
    makeRoom: () => rm(ballast),
    async remove() {
      if (mounted) execFileSync('umount', [folder]);
      await rm(above, { recursive: true, force: true });
    },
  };
}
