// What a trap leaves on the kernel stack, in the order in which traps.S pushes it.
#pragma once

#include <stdint.h>

struct arch_frame {
  uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rdx, rcx, rbx, rax;
  /** The vector, or SYSTEM_CALL_VECTOR. */
  uint64_t vector;
  /** Zero where the processor pushes none. */
  uint64_t error;
  /** What the processor pushes. */
  uint64_t rip, cs, rflags, rsp, ss;
};

enum { SYSTEM_CALL_VECTOR = 256 };
