// Ways into the kernel and out of it: 256 vectors, SYSCALL, and the switch between tasks. A frame has
// the form of frame.h.

#include "cpu-area.h"

#define MSR_GS_BASE 0xc0000101

.macro push_registers
  pushq %rax
  pushq %rbx
  pushq %rcx
  pushq %rdx
  pushq %rbp
  pushq %rsi
  pushq %rdi
  pushq %r8
  pushq %r9
  pushq %r10
  pushq %r11
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
.endm

.macro pop_registers
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %r11
  popq %r10
  popq %r9
  popq %r8
  popq %rdi
  popq %rsi
  popq %rbp
  popq %rdx
  popq %rcx
  popq %rbx
  popq %rax
.endm

  .section .text.traps, "ax", @progbits

// One entry of 16 bytes a vector: the processor pushes an error code for some, we for the others.
  .global trap_entries
  .balign 16
trap_entries:
  .set vector, 0
  .rept 256
  .balign 16
  .if vector != 8 && (vector < 10 || vector > 14) && vector != 17 && vector != 21 && vector != 29 && vector != 30
  pushq $0
  .endif
  pushq $vector
  .if vector == 2 || vector == 8 || vector == 18
  jmp trap_on_own_stack
  .else
  jmp trap
  .endif
  .set vector, vector + 1
  .endr

// Traps that come while the kernel is as C expects it, or from user mode.
trap:
  cld
  push_registers
  testb $3, 144(%rsp) // cs of the frame
  jz 1f
  swapgs
  xorl %ebp, %ebp // Backtraces end here.
1:
  movq %rsp, %rdi
  call trap_taken
  .global trap_return
trap_return:
  testb $3, 144(%rsp)
  jz 1f
  swapgs
1:
  pop_registers
  addq $16, %rsp // vector and error code
  iretq

// Traps that may come between any two instructions, also where gs is still that of user mode (base 0).
trap_on_own_stack:
  cld
  push_registers
  movl $MSR_GS_BASE, %ecx
  rdmsr
  xorl %ebx, %ebx
  orl %edx, %eax
  jnz 1f
  swapgs
  incl %ebx
1:
  movq %rsp, %rdi
  call trap_taken
  testl %ebx, %ebx
  jz 1f
  swapgs
1:
  pop_registers
  addq $16, %rsp
  iretq

// SYSCALL: rcx is where user mode goes on, r11 its flags; the stack is still that of user mode.
  .global system_call_entry
  .balign 16
system_call_entry:
  swapgs
  movq %rsp, %gs:AREA_USER_STACK
  movq %gs:AREA_STACK_TOP, %rsp
  pushq $USER_DATA
  pushq %gs:AREA_USER_STACK
  pushq %r11
  pushq $USER_CODE
  pushq %rcx
  pushq $0
  pushq $256
  push_registers
  xorl %ebp, %ebp
  movq %rsp, %rdi
  call kernel_system_call
  pop_registers
  // User addresses end a page below the first one that SYSRET would fault on inside of the kernel. What
  // SYSCALL destroyed is given back as it left it: rcx = rip, r11 = rflags.
  movq 16(%rsp), %rcx
  movq 32(%rsp), %r11
  movq 40(%rsp), %rsp
  swapgs
  sysretq

// void arch_switch(void **save, void *next, void *top): floating point registers go with the task.
  .global arch_switch
  .balign 16
arch_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  subq $520, %rsp
  fxsave64 (%rsp)
  movq %rsp, (%rdi)
  movq %rdx, %gs:AREA_STACK_TOP
  movq %rdx, %gs:AREA_TSS_STACK
  movq %rsi, %rsp
  fxrstor64 (%rsp)
  addq $520, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret

// Where a task begins: rbx is what it calls, r12 the argument.
  .global task_start
task_start:
  movq %r12, %rdi
  call *%rbx
  ud2

// _Noreturn void arch_enter_user(vaddr entry, vaddr stack, uint64_t argument)
  .global arch_enter_user
arch_enter_user:
  cli
  // As if called: a function begins 8 bytes below an aligned address, and returns to address 0.
  subq $8, %rsi
  pushq $USER_DATA
  pushq %rsi
  pushq $0x202 // interrupts on
  pushq $USER_CODE
  pushq %rdi
  movq %rdx, %rdi
  xorl %eax, %eax
  xorl %ebx, %ebx
  xorl %ecx, %ecx
  xorl %edx, %edx
  xorl %esi, %esi
  xorl %ebp, %ebp
  xorl %r8d, %r8d
  xorl %r9d, %r9d
  xorl %r10d, %r10d
  xorl %r11d, %r11d
  xorl %r12d, %r12d
  xorl %r13d, %r13d
  xorl %r14d, %r14d
  xorl %r15d, %r15d
  swapgs
  iretq
