// The first instruction of a program, and the way into the kernel.

  .text
  .global program_entry
program_entry:
  mov x29, xzr
  bl program_main
  brk #1

// uint64_t bs_system_call(number, a, b, c, d, e, f)
  .global bs_system_call
bs_system_call:
  mov x8, x0
  mov x0, x1
  mov x1, x2
  mov x2, x3
  mov x3, x4
  mov x4, x5
  mov x5, x6
  svc #0
  ret
