import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('price_order', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const split = f.inline('split', {
    run: async (order, context) => {
      for (const line of order.lines) await context.emit(line);
    },
  });
  const store = f.inline('store', {
    uses: ['resource::clock'],
    run: async (line, context) => {
      await context.clock.sleep(10);
      return line;
    },
  });
  f.connect(request, split);
  f.connect(split, store, { maxItems: 1, onDrop: 'block' });
});

export const run = { flow, payload: { lines: [1, 2, 3, 4] } };
