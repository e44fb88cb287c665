import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDiskStore } from '@basalt/capabilities';
import { withFolder } from '../../src/with-folder.js';

export const act = () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'FORMAT'), 'basalt-store 9\n');
    await (await openDiskStore(folder)).close();
  });
