// What the generators write for a small ABI, whole; and that what is in the tree is what they write.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loadSource } from '@basalt/generate';
import { cStubs } from '../c-header.mjs';
import { cRules } from '../c-rules.mjs';
import { cParameter, cWord } from '../c-types.mjs';
import { readAbi } from '../read-abi.mjs';

const small = {
  ...readAbi(),
  calls: [
    {
      number: 0,
      name: 'send',
      capability: 'ipc',
      summary: 'Sends.',
      arguments: [
        { name: 'channel', kind: 'handle', of: ['ipc'] },
        { name: 'bytes', kind: 'input', length: 'length', max: 9, text: true },
        { name: 'length', kind: 'value', type: 'size' },
        { name: 'how', kind: 'value', type: 'u32', of: 'mem_flags' },
        { name: 'code', kind: 'value', type: 'i32' },
        { name: 'end_out', kind: 'out', type: 'task_end', optional: true },
      ],
    },
    { number: 1, name: 'stop', capability: null, summary: 'Stops.', arguments: [] },
  ],
};

test('rules of a call', () => {
  expect(cRules(small).split('\n').slice(4, -1)).toEqual([
    '#include "../call-rules.h"',
    '',
    'const struct call_rule call_rules[BS_CALL_COUNT] = {',
    '  [BS_CALL_SEND] = {.name = "send", .capability = 6, .count = 6, .arguments = {',
    '      {.kind = RULE_HANDLE, .max = 8},',
    '      {.kind = RULE_TEXT, .bytes = 1, .alignment = 1, .max = 9, .partner = 3},',
    '      {.kind = RULE_NUMBER, .max = UINT64_MAX},',
    '      {.kind = RULE_FLAGS, .max = UINT64_C(7)},',
    '      {.kind = RULE_SIGNED},',
    '      {.kind = RULE_WRITE, .bytes = 16, .alignment = 8, .optional = true, .max = 1},',
    '  }},',
    '  [BS_CALL_STOP] = {.name = "stop", .capability = 0},',
    '};',
  ]);
});

test('stubs of calls', () => {
  const text = cStubs(small, { cParameter, cWord });
  expect(text).toContain(
    'static inline bs_status bs_send(bs_handle channel, const void *bytes, uint64_t length, ' +
      'uint32_t how, int32_t code, struct bs_task_end *end_out) {\n' +
      '  return (bs_status)bs_system_call(BS_CALL_SEND, channel, (uint64_t)(uintptr_t)bytes, ' +
      'length, how, (uint64_t)(int64_t)code, (uint64_t)(uintptr_t)end_out);\n}',
  );
  expect(text).toContain(
    'static inline bs_status bs_stop(void) {\n' +
      '  return (bs_status)bs_system_call(BS_CALL_STOP, 0, 0, 0, 0, 0, 0);\n}',
  );
});

test('the constants of TypeScript say what the ABI says', async () => {
  const abi = readAbi();
  const constants = await loadSource(
    'tools/kernel-abi/src/generated',
    `export * from './kernel-abi.ts';`,
  );
  expect(constants.ABI_VERSION).toEqual(abi.version);
  expect(Object.entries(constants.CALLS)).toEqual(
    abi.calls.map((call) => [call.name, call.number]),
  );
  expect(Object.entries(constants.STATUS)).toEqual(
    abi.statuses.map((each) => [each.name, each.value]),
  );
});

test('what is in the tree is what the generators write', () => {
  const script = fileURLToPath(new URL('../generate.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});
