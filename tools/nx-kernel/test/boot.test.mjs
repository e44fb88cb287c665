// Linking and booting in a workspace of its own, with the smallest kernels that there are: one that is
// well, one that panics, one that hangs, one that says nothing, one whose data would be executed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { makeWorkspace, removeFolders, runNx } from './workspace.mjs';

// Nx and QEMU start several times; this only ends what hangs.
jest.setTimeout(600000);

afterAll(removeFolders);

const SCRIPT = `
ENTRY(entry)
PHDRS { text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(FLAGS_OF_DATA); note PT_NOTE FLAGS(4); }
SECTIONS {
  . = 0x100000;
  .note : { KEEP(*(.note.*)) } :text :note
  .text : { *(.text .text.*) } :text
  . = ALIGN(4096);
  .data : { *(.data .rodata .bss) } :data
}
`;

/** A kernel that prints a text, ends with a code at isa-debug-exit or goes on for ever. */
const assembly = (text, end) => `
  .section .note.pvh, "a", @note
  .balign 4
  .long 4, 4, 18
  .asciz "Xen"
  .long entry
  .text
  .code32
  .global entry
entry:
  movl $message, %esi
  movw $0x3f8, %dx
next:
  lodsb
  testb %al, %al
  jz finish
  outb %al, %dx
  jmp next
  .global finish
finish:
  ${end}
  .data
message:
  .asciz ${JSON.stringify(text)}
`;

const exit = (code) => `movb $${0x10 + code}, %al\n  movw $0xf4, %dx\n  outb %al, %dx\n  hlt`;
const WELL = 'ok 1 - it boots\n1..1\nstage off: code 0\n';
const PANIC = 'panic: broken\n  rip=0000000000100010\n  at 0x0000000000100014\npanic end\n';

function project(name, text, end, flags = 6) {
  const description = {
    name,
    layer: 'arch',
    machines: ['x86_64-unknown-none-elf'],
    link: { script: `${name}/kernel.ld`, images: { kernel: [] } },
    boots: [{ machine: 'microvm', image: 'kernel', memory: 8, seconds: 60 }],
  };
  return {
    [`kernels/${name}/kernel.json`]: JSON.stringify(description),
    [`kernels/${name}/kernel.ld`]: SCRIPT.replace('FLAGS_OF_DATA', String(flags)),
    [`kernels/${name}/src/boot.S`]: assembly(text, end),
  };
}

let root;
beforeAll(() => {
  root = makeWorkspace({
    'kernels/.clang-format': 'BasedOnStyle: LLVM\n',
    ...project('well', WELL, exit(0)),
    ...project('panics', PANIC, exit(63)),
    ...project('hangs', WELL, 'jmp finish'),
    ...project('silent', 'stage off: code 0\n', exit(0)),
    ...project('loose', WELL, exit(0), 7),
  });
});

const boot = (name) => runNx(root, 'run', `${name}:boot`);
const counts = (name) =>
  JSON.parse(readFileSync(join(root, `dist/test-results/${name}-boot.json`), 'utf8'));

test('a kernel that is well passes, and comes from the cache again', async () => {
  const { status, output } = await boot('well');
  expect([status, output.includes('microvm kernel 8 MiB: 1 passed')]).toEqual([0, true]);
  expect(counts('well')).toEqual({ passed: 1, failed: 0, skipped: 0 });
  const folder = join(root, 'dist/kernel-images/well/x86_64-unknown-none-elf');
  expect(readFileSync(join(folder, 'kernel.symbols.txt'), 'utf8')).toMatch(/ t next$/m);
  expect(readFileSync(join(folder, 'kernel.disassembly.txt'), 'utf8')).toMatch(/<next>:/);
  expect(/3\/3 hit/.test((await boot('well')).output)).toBe(true);
});

test('a kernel that panics fails, its addresses named', async () => {
  const { status, output } = await boot('panics');
  expect(status).toBe(1);
  expect(output).toContain('microvm kernel 8 MiB: powered off with code 63');
  expect(output).toContain('panic: broken');
  expect(output).toMatch(/ {2}at 0x0000000000100014 <entry>/);
  expect(counts('panics')).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('a kernel that hangs is ended, and where it was is shown', async () => {
  const { status, output } = await boot('hangs');
  expect(status).toBe(1);
  expect(output).toContain('microvm kernel 8 MiB: hung');
  expect(output).toMatch(/hung at 0x[0-9a-f]{16} <finish>/);
  expect(output).toMatch(/EFL=|RFL=/);
});

test('a kernel without a test fails, and so does one whose data can be executed', async () => {
  const silent = await boot('silent');
  expect([silent.status, silent.output.includes('printed no test')]).toEqual([1, true]);
  const loose = await runNx(root, 'run', 'loose:link');
  expect([loose.status, loose.output.includes('is both written and executed')]).toEqual([1, true]);
});
