import { defineFlow, type FlowNode } from '@basalt/flow-dsl';

let shared: FlowNode<'price', unknown, unknown> | undefined;

defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  shared = f.inline('price', { run: (order) => order });
  f.connect(request, shared);
});

export const act = () =>
  defineFlow('bill_order', { version: '1.0.0' }, (f) => {
    const request = f.trigger('request');
    f.connect(request, shared!);
  });
