import { runFlow } from '@basalt/executor';
import fc from 'fast-check';
import { s1Echo } from './s1-echo.js';
import { codesOf, observeRun } from './testing/observe-run.js';

test('trims and lower-cases', async () => {
  expect(await runFlow(s1Echo, { text: '  Hello, World  ' })).toEqual({ text: 'hello, world' });
});

test('is the function that it says it is, for any text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
      expect(await runFlow(s1Echo, { text })).toEqual({ text: text.trim().toLowerCase() });
    }),
    { numRuns: 100 },
  );
});

test('is an HTTP POST to /echo within 250 ms', () => {
  const [trigger] = s1Echo.ir.nodes;
  expect(trigger!.trigger).toEqual({
    kind: 'http',
    method: 'POST',
    route: '/echo',
    deadline_ms: 250,
    capture: 'respond',
  });
});

test.each([[{}], [{ text: 1 }], [null], [[]]])('refuses the payload %j', async (payload) => {
  const { result, values } = await observeRun(s1Echo, payload);
  expect([result.status, codesOf(result), values]).toEqual(['failed', ['RUN116'], []]);
});
