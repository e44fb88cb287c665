import { defineFlow, t } from '@basalt/flow-dsl';

export const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const price = f.inline('price', {
    params: {
      schema: t.Object({ since: t.String() }),
      value: { since: new Date(0).toISOString() },
    },
    run: (order) => order,
  });
  f.connect(request, price);
});
