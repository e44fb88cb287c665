import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', {
    run: async (_, context) => {
      for (let n = 0; n < 100; n += 1) await context.emit(n);
    },
  });
  f.connect(request, price);
  const slow = f.inline('slow', {
    uses: ['resource::clock'],
    run: async (n, context) => {
      await context.clock.sleep(1);
      return n;
    },
  });
  f.connect(price, slow);
});

export const run = { flow, payload: { id: 7 } };
