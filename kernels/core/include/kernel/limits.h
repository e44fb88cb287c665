// Limits of the kernel beside those of the ABI (basalt/kernel-abi.h).
#pragma once

#include "kernel/address.h"

#include <stdint.h>

enum {
  /** Processors that are used. */
  CPUS_MAX = 8,
  /** Tasks at once, of all processes. */
  TASKS_MAX = 64,
  /** A kernel stack, without the guard page below it. */
  KERNEL_STACK_PAGES = 2,
  /** The stack of a task in user mode, between two absent pages. */
  USER_STACK_PAGES = 16,
  /** Allocations of a process, with the parts of its image and its stacks. */
  REGIONS_MAX = 128,
  /** Handles of a process, of all kinds. */
  HANDLES_MAX = 256,
  /** The priority of the first task. */
  PRIORITY_FIRST = 3,
};

/** How long a task runs while others of its priority are ready. */
#define SLICE_NS UINT64_C(5000000)

/** Nothing that mem_alloc gives is larger. */
#define ALLOCATION_MAX (UINT64_C(1) << 32)
