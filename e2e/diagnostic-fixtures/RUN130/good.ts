import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('approve_expense', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const ask = f.inline('ask', { run: (expense) => expense });
  const record = f.inline('record', { run: (answer) => answer });
  f.connect(request, ask);
  f.connect(ask, record);
});

export const run = {
  flow,
  payload: { id: 7 },
  host: { onSuspended: 'fail' as const, deterministic: { seed: 1 } },
};
