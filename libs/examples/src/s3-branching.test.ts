import { runFlow } from '@basalt/executor';
import { s3Branching } from './s3-branching.js';
import { codesOf, observeRun } from './testing/observe-run.js';

test.each([
  [{ flag: false, mode: 'fast' }, 'off'],
  [{ flag: false, mode: 'slow' }, 'off'],
  [{ flag: true, mode: 'slow' }, 'on/slow'],
  [{ flag: true, mode: 'fast' }, 'on/fast'],
  [{ flag: true, mode: 'auto' }, 'on/other'],
])('%j goes %s', async (payload, path) => {
  expect(await runFlow(s3Branching, payload)).toEqual({ path });
});

test.each([[{ flag: 'yes', mode: 'fast' }], [{ flag: true, mode: 'warp' }], [{ flag: true }]])(
  'refuses the payload %j',
  async (payload) => {
    const { result } = await observeRun(s3Branching, payload);
    expect([result.status, codesOf(result)]).toEqual(['failed', ['RUN116']]);
  },
);
