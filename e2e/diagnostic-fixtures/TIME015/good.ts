import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', {
    uses: ['resource::clock'],
    timeoutMs: 500,
    run: async (order, context) => {
      await context.clock.sleep(order.wait);
      return order;
    },
  });
  f.connect(request, price);
});

export const run = { flow, payload: { wait: 20 } };
