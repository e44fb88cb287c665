import { defineFlow } from '@basalt/flow-dsl';

const flow = defineFlow('poll_job', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request');
  const poll = f.inline('poll', { run: (job) => ({ left: job.left - 1, pending: job.left > 1 }) });
  const done = f.inline('done', { run: (job) => job.left });
  f.connect(request, poll);
  f.loop(poll, '/pending' as never, { body: poll, exit: done, maxIterations: 3 });
});

export const run = { flow, payload: { left: 9 } };
