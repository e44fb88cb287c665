import { diskKv, openDiskStore } from '@basalt/capabilities';
import { withFolder } from '../../src/with-folder.js';

export const act = () =>
  withFolder(async (folder) => {
    const store = await openDiskStore(folder, { minFreeBytes: 2 ** 60 });
    try {
      await diskKv(store).put('greeting', new Uint8Array(5));
    } finally {
      await store.close();
    }
  });
