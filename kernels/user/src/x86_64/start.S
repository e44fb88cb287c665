// The first instruction of a program, and the way into the kernel.

  .text
  .global program_entry
program_entry:
  andq $-16, %rsp
  call program_main
  ud2

// uint64_t bs_system_call(number, a, b, c, d, e, f)
  .global bs_system_call
bs_system_call:
  movq %rdi, %rax
  movq %rsi, %rdi
  movq %rdx, %rsi
  movq %rcx, %rdx
  movq %r8, %r10
  movq %r9, %r8
  movq 8(%rsp), %r9
  syscall
  ret
