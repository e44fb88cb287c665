import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFs } from '@basalt/capabilities';
import { withFolder } from '../../src/with-folder.js';

export const act = () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'rates.txt'), '4.5');
    const files = await diskFs({ readRoots: [folder] });
    await files.read('rates.txt');
  });
