import { defineFlow, t } from '@basalt/flow-dsl';

export const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request', { output: t.Named('Order', t.Object({ id: t.String() })) });
  const price = f.inline('price', {
    input: t.Named('Order', t.Object({ id: t.String() })),
    run: (order) => order.id,
  });
  f.connect(request, price);
});
