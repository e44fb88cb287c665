import { memoryBlob } from '@basalt/capabilities';
import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('archive_pages', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const fetch = f.activity('fetch', {
    uses: ['resource::blob::read'],
    run: () => 'x'.repeat(2000),
  });
  const store = f.inline('store', { run: (page) => page });
  f.connect(request, fetch);
  f.connect(fetch, store, { maxItems: 4, spill: { tier: 'local', thresholdBytes: 1024 } });
});

export const run = { flow, payload: null, host: { capabilities: { blob: memoryBlob() } } };
