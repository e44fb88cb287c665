// The exception vectors: each saves the registers as a `struct arch_frame` on the kernel stack and calls
// C. An exception of the kernel itself is never returned from, so it moves to a stack of its own:
// where the kernel's stack ran into its guard page, saving there would end in a loop.
#include "cpu-local.h"

#define FRAME_BYTES 272
#define FRAME_SP 248

// Saves x2 to x30, the return address and the state. x0 and x1 are saved, and sp is lowered.
.macro save_rest
  stp x2, x3, [sp, #16]
  stp x4, x5, [sp, #32]
  stp x6, x7, [sp, #48]
  stp x8, x9, [sp, #64]
  stp x10, x11, [sp, #80]
  stp x12, x13, [sp, #96]
  stp x14, x15, [sp, #112]
  stp x16, x17, [sp, #128]
  stp x18, x19, [sp, #144]
  stp x20, x21, [sp, #160]
  stp x22, x23, [sp, #176]
  stp x24, x25, [sp, #192]
  stp x26, x27, [sp, #208]
  stp x28, x29, [sp, #224]
  str x30, [sp, #240]
  mrs x2, elr_el1
  mrs x3, spsr_el1
  stp x2, x3, [sp, #256]
.endm

// A trap of user mode: the stack is the empty one of the task.
.macro from_user handler
  sub sp, sp, #FRAME_BYTES
  stp x0, x1, [sp]
  mrs x1, sp_el0
  str x1, [sp, #FRAME_SP]
  save_rest
  mov x29, xzr
  mov x0, sp
  bl \handler
  b return_to_user
.endm

// An interrupt while the kernel waits for one.
.macro from_kernel handler
  sub sp, sp, #FRAME_BYTES
  stp x0, x1, [sp]
  add x1, sp, #FRAME_BYTES
  str x1, [sp, #FRAME_SP]
  save_rest
  mov x0, sp
  bl \handler
  b return_to_kernel
.endm

// What the kernel must not have done; `kind` says which vector it was. The registers of user threads are
// free to take x0 and x1: nothing returns from here.
.macro broken kind
  msr tpidr_el0, x0
  msr tpidrro_el0, x1
  mov x1, sp
  mrs x0, tpidr_el1
  ldr x0, [x0, #CPU_FAULT_STACK]
  mov sp, x0
  sub sp, sp, #FRAME_BYTES
  str x1, [sp, #FRAME_SP]
  mrs x0, tpidr_el0
  mrs x1, tpidrro_el0
  stp x0, x1, [sp]
  save_rest
  mov x0, sp
  mov x1, #\kind
  bl arm64_broken
.endm

.macro vector label
  .balign 0x80
  b \label
.endm

  .section .text.vectors, "ax", @progbits
  .balign 0x800
  .global vectors
vectors:
  // The stack pointer of user mode, which the kernel never uses.
  vector broken_sync
  vector broken_interrupt
  vector broken_fast
  vector broken_error
  // The kernel.
  vector broken_sync
  vector kernel_interrupted
  vector broken_fast
  vector broken_error
  // User mode, 64 bits.
  vector user_sync
  vector user_interrupted
  vector broken_fast
  vector user_error
  // User mode, 32 bits: no such task is ever started.
  vector broken_sync
  vector broken_interrupt
  vector broken_fast
  vector broken_error

user_sync:
  from_user arm64_user_exception
user_interrupted:
  from_user arm64_interrupt
user_error:
  from_user arm64_user_error
kernel_interrupted:
  from_kernel arm64_interrupt
broken_sync:
  broken 0
broken_interrupt:
  broken 1
broken_fast:
  broken 2
broken_error:
  broken 3

return_to_user:
  ldr x1, [sp, #FRAME_SP]
  msr sp_el0, x1
return_to_kernel:
  ldp x2, x3, [sp, #256]
  msr elr_el1, x2
  msr spsr_el1, x3
  ldp x2, x3, [sp, #16]
  ldp x4, x5, [sp, #32]
  ldp x6, x7, [sp, #48]
  ldp x8, x9, [sp, #64]
  ldp x10, x11, [sp, #80]
  ldp x12, x13, [sp, #96]
  ldp x14, x15, [sp, #112]
  ldp x16, x17, [sp, #128]
  ldp x18, x19, [sp, #144]
  ldp x20, x21, [sp, #160]
  ldp x22, x23, [sp, #176]
  ldp x24, x25, [sp, #192]
  ldp x26, x27, [sp, #208]
  ldp x28, x29, [sp, #224]
  ldr x30, [sp, #240]
  ldp x0, x1, [sp], #16
  add sp, sp, #(FRAME_BYTES - 16)
  eret
