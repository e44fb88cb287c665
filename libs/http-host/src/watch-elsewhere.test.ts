import { compilePlan, startRun, type RunObserver } from '@basalt/executor';
import { compileHostedFlows } from './hosted-flow.js';
import type { HubRun } from './run-hub.js';
import { hostedFlow } from './testing/hosted-flows.js';
import { watchElsewhere } from './watch-elsewhere.js';

test('each execution is announced once, and what happens in it is passed on', async () => {
  const flow = hostedFlow({ name: 'known' });
  const stranger = hostedFlow({ name: 'stranger' });
  const events: unknown[] = [];
  const listener = ({ id, flow: { name }, source }: HubRun): RunObserver => {
    events.push(['announced', id, name, source]);
    return {
      runStarted: (run, payload) => void events.push(['started', run.id, payload]),
      nodeEnded: (run, { alias }, outcome) => void events.push([alias, run.id, outcome]),
      runEnded: (run, status) => void events.push(['ended', run.id, status]),
    };
  };
  const observer = watchElsewhere([listener, () => undefined], compileHostedFlows([flow]), 'queue');
  for (const [{ bundle }, runId] of [
    [flow, 'a'],
    [stranger, 'b'],
  ] as const) {
    await startRun(compilePlan(bundle), { payload: 1, runId }, { observer }).result;
  }
  expect(events).toEqual([
    ['announced', 'a', 'known', 'queue'],
    ['started', 'a', 1],
    ['trigger', 'a', 'ok'],
    ['respond', 'a', 'ok'],
    ['ended', 'a', 'completed'],
  ]);
});
