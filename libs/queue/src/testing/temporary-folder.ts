// Folders for tests.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder that is removed by `cleanUp`. */
export async function temporaryFolder(): Promise<{
  readonly path: string;
  readonly cleanUp: () => Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), 'basalt-queue-'));
  return { path, cleanUp: () => rm(path, { recursive: true, force: true }) };
}
