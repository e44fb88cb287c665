// Folders for one test.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder that is removed by `cleanUp`. */
export async function temporaryFolder(): Promise<{ path: string; cleanUp: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'basalt-journal-'));
  return { path, cleanUp: () => rm(path, { recursive: true, force: true }) };
}
