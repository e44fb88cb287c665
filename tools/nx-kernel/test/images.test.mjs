// What the executors read of images and guests: program headers, symbols, and how a guest ended.
import { guestFault, guestReport } from '../boot-executor.mjs';
import { floatFaults, imageFaults } from '../image-faults.mjs';
import { MACHINES } from '../machines.mjs';
import { symbolizer, withNames } from '../symbols.mjs';

const load = (start, bytes, flags) =>
  `  LOAD           0x001000 0x${start} 0x${start} 0x001000 0x${bytes} ${flags} 0x1000\n`;

test.each([
  [load('0000000000100000', '001000', 'R E') + load('0000000000101000', '002000', 'RW '), []],
  ['', ['no segment is loaded']],
  [
    load('0000000000100000', '001000', 'RWE'),
    ['the segment at 0x100000 is both written and executed'],
  ],
  [
    load('0000000000100000', '001001', 'R E') + load('0000000000101800', '001000', 'RW '),
    ['the segment at 0x101800 shares a page with the one before'],
  ],
])('program headers %j have the faults %j', (headers, faults) => {
  expect(imageFaults(headers)).toEqual(faults);
});

test('a kernel with floating point registers is refused, outside of where tasks are switched', () => {
  const listing = [
    '0000000000100000 <copies>:',
    '  100000:\tmovups\t%xmm0, (%rdi)',
    '  100004:\tmovups\t%xmm1, 16(%rdi)',
    '0000000000100010 <arch_switch>:',
    '  100010:\tstp\tq0, q1, [sp]',
    '0000000000100020 <adds>:',
    '  100020:\tadd\tv0.2d, v0.2d, v1.2d',
    '0000000000100030 <calls>:',
    '  100030:\tbl\t0x100040 <s0>',
    '  100034:\tldr\tx0, [sp, #8] // d0',
    '0000000000100050 <$d.3>:',
    '  100050:\tldr\td0, [x1]',
    '',
  ].join('\n');
  expect(floatFaults(listing)).toEqual([
    'copies uses floating point registers inside of the kernel',
    'adds uses floating point registers inside of the kernel',
  ]);
});

const name = symbolizer(
  '0000000000100000 T entry\n0000000000100010 t next\n0000000000101000 T text_end\n' +
    '0000000000102000 d table\n',
);

test('addresses are named by the function before them', () => {
  expect([0x100000n, 0x10000fn, 0x100012n, 0x101004n, 0x102000n, 5n].map(name)).toEqual([
    'entry',
    'entry+0xf',
    'next+0x2',
    undefined,
    undefined,
    undefined,
  ]);
  expect(withNames('rip=0000000000100001 at 0x0000000000000001', [name])).toBe(
    'rip=0000000000100001 <entry+0x1> at 0x0000000000000001',
  );
});

const guest = (output, extra = {}) => ({
  status: 33,
  output,
  hung: false,
  registers: '',
  ...extra,
});
const WELL = 'ok 1 - a\r\n1..1\r\nstage off: code 0\r\n';

test.each([
  [guest(WELL), 0, undefined],
  [guest(WELL), undefined, 'ended without a code of its own (status 33)'],
  [guest(WELL), 63, 'powered off with code 63'],
  [guest('ok 1 - a\n1..1\n'), 0, 'ended without saying "stage off: code 0"'],
  [guest('not ok 1 - a\n1..1\nstage off: code 0'), 0, '1 of its tests failed'],
  [guest('ok 1 - a\n1..2\nstage off: code 0'), 0, '1 of its tests failed'],
  [guest(WELL, { hung: true }), undefined, 'hung'],
])('guest %j with code %j: %j', (ended, code, fault) => {
  expect(guestFault(ended, code)).toBe(fault);
});

test('what a guest must print', () => {
  expect(guestFault(guest(WELL), 0, ['1 - a', 'ok'])).toBe(undefined);
  expect(guestFault(guest(WELL), 0, ['1 - a', '1 - b'])).toBe('did not print "1 - b"');
});

test('the codes of the machines', () => {
  const { microvm, virt } = MACHINES;
  expect([33, 35, 159, 1, 0, 161, null].map(microvm.codeOf)).toEqual([
    0,
    1,
    63,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect([0, 63, null].map(virt.codeOf)).toEqual([0, 63, undefined]);
});

test('a report names where a guest hung, or says that QEMU did not tell', () => {
  const hung = guest('a\nb\n', { hung: true, registers: 'RAX=0 RIP=0000000000100011\r\n' });
  expect(guestReport(MACHINES.microvm, hung, [name])).toBe(
    'a\nb\nhung at 0x0000000000100011 <next+0x1>\nRAX=0 RIP=0000000000100011',
  );
  expect(guestReport(MACHINES.microvm, { ...hung, registers: '' }, [name])).toBe(
    'a\nb\nQEMU did not tell the registers\n',
  );
});

test('a report shows failed tests that are far above the end', () => {
  const rest = Array.from({ length: 60 }, (_, i) => `ok ${i + 2}`);
  const output = ['ok 0', '# a.c:1: x', 'not ok 1 - a', ...rest].join('\n');
  expect(guestReport(MACHINES.microvm, guest(output), [])).toBe(
    ['# a.c:1: x', 'not ok 1 - a', ...rest].join('\n'),
  );
});
