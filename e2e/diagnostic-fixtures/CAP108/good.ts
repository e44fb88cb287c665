import { diskKv, openDiskStore } from '@basalt/capabilities';
import { withFolder } from '../../src/with-folder.js';

export const act = () =>
  withFolder(async (folder) => {
    const store = await openDiskStore(folder);
    await diskKv(store).put('greeting', new Uint8Array(5));
    await store.close();
  });
