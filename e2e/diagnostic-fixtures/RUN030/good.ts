import { defineFlow } from '@basalt/flow-dsl';

const SLOW_MS = 15;

const flow = defineFlow('slow_store', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const split = f.inline('split', {
    run: async (_, { emit }) => {
      for (let n = 0; n < 4; n += 1) await emit(n);
    },
  });
  const store = f.activity('store', {
    uses: ['resource::clock'],
    run: async (n: number, { clock, signal }) => {
      await clock.sleep(SLOW_MS, signal);
      return n;
    },
  });
  f.connect(request, split);
  f.connect(split, store, { maxItems: 1 });
});

export const run = { flow, payload: null };
