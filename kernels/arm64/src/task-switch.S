// Leaving one task for another, and entering user mode for the first time. Floating point registers
// always belong to the running task, so a switch exchanges them too.
#include "cpu-local.h"
#include "switch-frame.h"

  // The kernel is compiled without these registers.
  .arch_extension fp
  .arch_extension simd

  .section .text.switch, "ax", @progbits

// void arch_switch(void **save, void *next, void *top)
  .global arch_switch
arch_switch:
  sub sp, sp, #SWITCH_BYTES
  stp x19, x20, [sp, #SWITCH_X19]
  stp x21, x22, [sp, #(SWITCH_X19 + 16)]
  stp x23, x24, [sp, #(SWITCH_X19 + 32)]
  stp x25, x26, [sp, #(SWITCH_X19 + 48)]
  stp x27, x28, [sp, #(SWITCH_X19 + 64)]
  stp x29, x30, [sp, #SWITCH_X29]
  mrs x3, tpidr_el0
  mrs x4, fpcr
  mrs x5, fpsr
  stp x3, x4, [sp, #SWITCH_THREAD]
  str x5, [sp, #(SWITCH_THREAD + 16)]
  stp q0, q1, [sp, #(SWITCH_FLOATS + 0)]
  stp q2, q3, [sp, #(SWITCH_FLOATS + 32)]
  stp q4, q5, [sp, #(SWITCH_FLOATS + 64)]
  stp q6, q7, [sp, #(SWITCH_FLOATS + 96)]
  stp q8, q9, [sp, #(SWITCH_FLOATS + 128)]
  stp q10, q11, [sp, #(SWITCH_FLOATS + 160)]
  stp q12, q13, [sp, #(SWITCH_FLOATS + 192)]
  stp q14, q15, [sp, #(SWITCH_FLOATS + 224)]
  stp q16, q17, [sp, #(SWITCH_FLOATS + 256)]
  stp q18, q19, [sp, #(SWITCH_FLOATS + 288)]
  stp q20, q21, [sp, #(SWITCH_FLOATS + 320)]
  stp q22, q23, [sp, #(SWITCH_FLOATS + 352)]
  stp q24, q25, [sp, #(SWITCH_FLOATS + 384)]
  stp q26, q27, [sp, #(SWITCH_FLOATS + 416)]
  stp q28, q29, [sp, #(SWITCH_FLOATS + 448)]
  stp q30, q31, [sp, #(SWITCH_FLOATS + 480)]
  mov x3, sp
  // Another processor may go on with this task as soon as it sees the stack pointer.
  stlr x3, [x0]
  mov sp, x1
  mrs x3, tpidr_el1
  str x2, [x3, #CPU_TASK_STACK]
  ldp q0, q1, [sp, #(SWITCH_FLOATS + 0)]
  ldp q2, q3, [sp, #(SWITCH_FLOATS + 32)]
  ldp q4, q5, [sp, #(SWITCH_FLOATS + 64)]
  ldp q6, q7, [sp, #(SWITCH_FLOATS + 96)]
  ldp q8, q9, [sp, #(SWITCH_FLOATS + 128)]
  ldp q10, q11, [sp, #(SWITCH_FLOATS + 160)]
  ldp q12, q13, [sp, #(SWITCH_FLOATS + 192)]
  ldp q14, q15, [sp, #(SWITCH_FLOATS + 224)]
  ldp q16, q17, [sp, #(SWITCH_FLOATS + 256)]
  ldp q18, q19, [sp, #(SWITCH_FLOATS + 288)]
  ldp q20, q21, [sp, #(SWITCH_FLOATS + 320)]
  ldp q22, q23, [sp, #(SWITCH_FLOATS + 352)]
  ldp q24, q25, [sp, #(SWITCH_FLOATS + 384)]
  ldp q26, q27, [sp, #(SWITCH_FLOATS + 416)]
  ldp q28, q29, [sp, #(SWITCH_FLOATS + 448)]
  ldp q30, q31, [sp, #(SWITCH_FLOATS + 480)]
  ldp x3, x4, [sp, #SWITCH_THREAD]
  ldr x5, [sp, #(SWITCH_THREAD + 16)]
  msr tpidr_el0, x3
  msr fpcr, x4
  msr fpsr, x5
  ldp x19, x20, [sp, #SWITCH_X19]
  ldp x21, x22, [sp, #(SWITCH_X19 + 16)]
  ldp x23, x24, [sp, #(SWITCH_X19 + 32)]
  ldp x25, x26, [sp, #(SWITCH_X19 + 48)]
  ldp x27, x28, [sp, #(SWITCH_X19 + 64)]
  ldp x29, x30, [sp, #SWITCH_X29]
  add sp, sp, #SWITCH_BYTES
  ret

// The first switch to a task comes here; arch_task_prepare has left the call in x19 and x20.
  .global task_begin
task_begin:
  mov x0, x20
  mov x29, xzr
  mov x30, xzr
  br x19

// void arch_enter_user(vaddr entry, vaddr stack, uint64_t argument)
  .global arch_enter_user
arch_enter_user:
  msr elr_el1, x0
  msr sp_el0, x1
  // EL0, no interrupt masked.
  msr spsr_el1, xzr
  mrs x3, tpidr_el1
  ldr x3, [x3, #CPU_TASK_STACK]
  mov sp, x3
  mov x0, x2
  msr tpidr_el0, xzr
  .irp register, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
  mov x\register, xzr
  .endr
  msr fpcr, xzr
  msr fpsr, xzr
  .irp register, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  movi v\register\().2d, #0
  .endr
  eret
