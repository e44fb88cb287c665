import { openDiskStore } from '@basalt/capabilities';
import { withFolder } from '../../src/with-folder.js';

export const act = () =>
  withFolder(async (folder) => {
    await (await openDiskStore(folder)).close();
  });
