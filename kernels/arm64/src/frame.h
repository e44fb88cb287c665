// The registers of what an exception interrupted, as vectors.S saves them.
#pragma once

#include "kernel/arch.h"

/** On the kernel stack; 272 bytes, which keep it aligned. */
struct arch_frame {
  uint64_t x[31];
  uint64_t stack;
  uint64_t pc;
  uint64_t state;
};

_Static_assert(sizeof(struct arch_frame) == 272, "known to assembly");
_Static_assert(offsetof(struct arch_frame, stack) == 248, "known to assembly");
_Static_assert(offsetof(struct arch_frame, pc) == 256, "known to assembly");
