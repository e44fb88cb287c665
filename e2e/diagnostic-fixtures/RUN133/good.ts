import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const stock = f.inline('stock', {
    run: async (order, context) => {
      for (const item of order.items) await context.emit(item);
    },
  });
  const price = f.inline('price', { run: (order) => order.items.length });
  const quote = f.inline('quote', { run: (found) => found });
  f.connect(request, stock);
  f.connect(request, price);
  f.zip([stock, price], quote);
});

export const run = { flow, payload: { items: ['tea'] } };
