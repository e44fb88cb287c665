import { memoryBlob } from '@basalt/capabilities';
import { defineFlow } from '@basalt/flow-dsl';

const blobs = memoryBlob();
const blob = {
  get: (key: string) => blobs.get(key),
  put: (key: string, value: Uint8Array) => blobs.put(key, value),
  delete: (key: string) => blobs.delete(key),
};

const flow = defineFlow('archive_pages', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const split = f.activity('split', {
    uses: ['resource::blob::read'],
    run: async (_, context) => {
      for (let n = 0; n < 4; n += 1) await context.emit('x'.repeat(2000));
    },
  });
  const store = f.inline('store', { run: (page) => page.length });
  f.connect(request, split);
  f.connect(split, store, { maxItems: 1, spill: { tier: 'local', thresholdBytes: 1024 } });
});

export const run = { flow, payload: null, host: { capabilities: { blob } } };
