import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', {
    uses: ['resource::clock'],
    run: (order, context) => ({ ...order, at: context.clock.now() }),
  });
  f.connect(request, price);
});

export const run = { flow, payload: { id: 7 } };
