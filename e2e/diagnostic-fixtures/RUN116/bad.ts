import { defineFlow, t } from '@basalt/flow-dsl';

const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request', { output: t.Object({ id: t.Number() }) });
  const price = f.inline('price', {
    input: t.Object({ id: t.Number() }),
    run: (order) => order.id,
  });
  f.connect(request, price);
});

export const run = { flow, payload: { id: 'seven' } };
