// The ABI is well, and what would break it is refused with its place.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@basalt/generate';
import { abiFaults, readAbi, structBytes } from '../read-abi.mjs';

const abi = readAbi();
const changed = (change) => {
  const copy = structuredClone(abi);
  change(copy);
  return abiFaults(copy);
};
const call = (copy, name) => copy.calls.find((each) => each.name === name);

test('the 39 calls of version 0.2.0 keep their numbers, and later ones follow', () => {
  const first = abi.calls.filter(({ since }) => since === '0.2.0');
  expect(first.map(({ number }) => number)).toEqual(Array.from({ length: 39 }, (_, i) => i));
  expect(first.map(({ name }) => name)).toEqual(
    [
      'abi_version abi_features abi_feature_enabled cap_acquire cap_drop cap_enter cap_exit',
      'task_spawn task_yield task_sleep task_set_priority task_get_stats task_exit time_now',
      'time_deadline mem_alloc mem_free mem_map mem_share mem_unshare io_open io_read io_write',
      'io_close io_poll ipc_channel_create ipc_send ipc_recv ipc_close net_socket net_bind',
      'net_connect net_send net_recv net_close log_write trace_span_begin trace_span_end',
      'trace_event',
    ]
      .join(' ')
      .split(' '),
  );
});

test('the statuses are the first of status.h', () => {
  const header = readFileSync(join(workspaceRoot, 'kernels/include/basalt/status.h'), 'utf8');
  const known = [...header.matchAll(/^ {2}BS_([A-Z_]+) = (\d+),/gm)].map(([, name, value]) => [
    name,
    Number(value),
  ]);
  expect(abi.statuses.map(({ name, value }) => [name, value])).toEqual(
    known.slice(0, abi.statuses.length),
  );
});

test.each([
  ['a number that moved', (copy) => copy.calls.reverse(), /has number .* numbers never change/],
  [
    'a capability that is none',
    (copy) => (call(copy, 'time_now').capability = 'clock'),
    /^time_now needs the capability clock, which is none$/,
  ],
  [
    'a length that is no argument',
    (copy) => (call(copy, 'io_read').arguments[1].length = 'size'),
    /^io_read: argument buffer names size, which is no argument$/,
  ],
  [
    'a length that is no number',
    (copy) => (call(copy, 'io_read').arguments[1].length = 'io'),
    /^io_read: argument buffer names io, which is no number$/,
  ],
  [
    'a group that is none',
    (copy) => (call(copy, 'log_write').arguments[0].of = 'levels'),
    /^log_write: argument level is of levels, which is no group$/,
  ],
  [
    'a kind of handle that is none',
    (copy) => call(copy, 'io_close').arguments[0].of.push('file'),
    /^io_close: argument io is a handle of file, which is no kind$/,
  ],
  [
    'a type that is none',
    (copy) => (call(copy, 'time_now').arguments[0].type = 'clock'),
    /^time_now: argument now_out has the type clock, which is none$/,
  ],
  [
    'a status that is none',
    (copy) => (call(copy, 'io_read').errors[0].status = 'EAGAIN'),
    /^io_read answers EAGAIN, which is no status$/,
  ],
  [
    'two arguments of one name',
    (copy) => (call(copy, 'abi_version').arguments[1].name = 'major_out'),
    /^abi_version has two arguments major_out$/,
  ],
  [
    'a flag that is no bit',
    (copy) => (copy.groups.find(({ name }) => name === 'mem_flags').values[0].value = 6),
    /^mem_read of the group mem_flags is not one bit$/,
  ],
  [
    'a value that is there twice',
    (copy) => (copy.groups.find(({ name }) => name === 'log_level').values[0].value = 1),
    /^the group log_level has the value 1 twice$/,
  ],
  [
    'a structure with padding',
    (copy) => copy.structs.find(({ name }) => name === 'io_event').fields.pop(),
    /^io_event would end with padding$/,
  ],
  [
    'more arguments than a call passes',
    (copy) => call(copy, 'task_spawn').arguments.push({ name: 'more', kind: 'address' }),
    /must NOT have more than 6 items/,
  ],
  ['a key that is unknown', (copy) => (copy.callz = []), /must NOT have additional properties/],
])('%s is refused', (_what, change, message) => {
  expect(changed(change)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
});

test('sizes of structures, and one that would need padding inside', () => {
  expect(abi.structs.map((struct) => [struct.name, structBytes(struct)])).toEqual([
    ['io_event', 16],
    ['task_stats', 32],
    ['task_end', 16],
    ['error_info', 32],
    ['net_address', 8],
    ['file_stat', 16],
  ]);
  const fields = [
    { name: 'a', type: 'u32' },
    { name: 'b', type: 'u64' },
  ];
  expect(() => structBytes({ name: 's', fields })).toThrow('s.b would need padding');
});
