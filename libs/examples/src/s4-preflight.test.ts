import { memoryKv } from '@basalt/capabilities';
import { s4Preflight } from './s4-preflight.js';
import { codesOf, observeRun } from './testing/observe-run.js';

test('unbound, it is refused before anything runs', async () => {
  const { result } = await observeRun(s4Preflight, { key: 'greeting' });
  expect([result.status, codesOf(result), result.summary.nodes]).toEqual([
    'failed',
    ['CAP101'],
    [],
  ]);
  expect(result.diagnostics[0]!.details).toEqual({
    hints: expect.arrayContaining(['resource::kv::read']),
  });
});

test('bound, it reads the store', async () => {
  const kv = memoryKv();
  await kv.put('greeting', new TextEncoder().encode('hello'));
  const host = { capabilities: { kv } };
  expect((await observeRun(s4Preflight, { key: 'greeting' }, host)).values).toEqual([
    { key: 'greeting', found: true, value: 'hello' },
  ]);
  expect((await observeRun(s4Preflight, { key: 'absent' }, host)).values).toEqual([
    { key: 'absent', found: false, value: '' },
  ]);
});

test('its node may read and nothing more', () => {
  expect(s4Preflight.ir.nodes[1]).toMatchObject({
    effects: 'read_only',
    effectHints: ['resource::kv::read'],
  });
});
