import { compilePlan } from '@basalt/executor';
import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('teleport', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const store = f.inline('store', { run: (page) => page });
  f.connect(request, store);
  f.rateLimit(store, { qps: 1, burst: 1 });
});

export const act = () => void compilePlan(flow);
