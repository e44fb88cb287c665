import { compilePlan } from '@basalt/executor';
import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('quote_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const stock = f.inline('stock', { run: (order) => order.items });
  const price = f.inline('price', { run: (order) => order.total });
  const quote = f.inline('quote', { run: (found) => found });
  f.connect(request, stock);
  f.connect(request, price);
  f.join([stock, price], quote);
});

export const act = () => compilePlan(flow);
