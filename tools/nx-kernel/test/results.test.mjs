// What the executors read from other programs: TAP of test programs, and symbols of archives.
import { archiveFaults } from '../compile-executor.mjs';
import { readTap } from '../tap.mjs';

test.each([
  ['ok 1 - a\nok 2 - b\n1..2\n', 0, { passed: 2, failed: 0 }],
  ['ok 1 - a\nnot ok 2 - b\n# at x.c:1\n1..2\n', 1, { passed: 1, failed: 1 }],
  ['ok 1 - a\n1..2\n', 0, { passed: 1, failed: 1 }],
  ['ok 1 - a\n', 0, { passed: 1, failed: 1 }],
  ['ok 1 - a\n1..1\nERROR: AddressSanitizer', 1, { passed: 1, failed: 1 }],
  ['ok 1 - a\n1..1\n', null, { passed: 1, failed: 1 }],
  ['1..0\n', 0, { passed: 0, failed: 1 }],
  ['', 0, { passed: 0, failed: 1 }],
])('%j with status %j counts as %j', (output, status, counts) => {
  expect(readTap(output, status)).toEqual(counts);
});

test('an archive with variables or unknown calls is refused', () => {
  const symbols = [
    'heap.o:',
    '0000000000000000 T bs_alloc',
    '0000000000000000 b counter',
    '0000000000000010 r TABLE',
    '                 U malloc',
    '                 U memcpy',
    '                 U bs_alloc',
    '',
  ].join('\n');
  const malloc = 'malloc is called, but nothing provides it';
  expect(archiveFaults(symbols, 'x86_64-unknown-none-elf')).toEqual([
    "counter is a variable that can change: all state belongs into the caller's arena",
    malloc,
  ]);
  expect(archiveFaults(symbols, 'wasm32-unknown-unknown')).toEqual([malloc]);
  expect(archiveFaults(symbols, 'wasm32-unknown-unknown', true)).toEqual([]);
});
