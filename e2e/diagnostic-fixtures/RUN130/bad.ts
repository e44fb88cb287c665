import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('approve_expense', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const ask = f.inline('ask', { run: (expense) => expense });
  const record = f.inline('record', { run: (answer) => answer });
  f.connect(request, ask);
  f.await(ask, record, { checkpoint: 'approval', correlationKey: '/id' as never });
});

export const run = {
  flow,
  payload: { id: 7 },
  host: { onSuspended: 'fail' as const, deterministic: { seed: 1 } },
};
