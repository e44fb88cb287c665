import { compileFlow, startRun } from '@basalt/executor';
import { defineFlow, t } from '@basalt/flow-dsl';

const flow = defineFlow('approve_expense', { version: '1.0.0' }, (f) => {
  const request = f.trigger('request', { output: t.Object({ id: t.String() }) });
  const record = f.inline('record', { run: (answer) => answer });
  f.await(request, record, {
    checkpoint: 'approval',
    correlationKey: '/id',
    event: t.Object({ approved: t.Boolean() }),
  });
});

export const findings = async () => {
  const run = startRun(compileFlow(flow), { payload: { id: 'e1' } });
  while (run.waiting().length === 0) await new Promise((done) => setImmediate(done));
  // A refused event leaves the execution waiting for a right one.
  run.resume('approval', 'e1', { approved: 'yes' });
  run.resume('approval', 'e1', { approved: false });
  return (await run.result).diagnostics;
};
