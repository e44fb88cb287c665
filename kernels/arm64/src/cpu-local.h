// What each processor has of its own; TPIDR_EL1 points to it. Assembly reads it by the offsets
// below.
#pragma once

#define CPU_INDEX 0
#define CPU_TASK_STACK 8
#define CPU_FAULT_STACK 16
#define CPU_START_STACK 24
#define CPU_START_ROOT 32
#define CPU_BYTES 64

/** Processors that are used, at most. */
#define CPUS_MAX 8

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/** A processor. It fills a line of the cache, so that a processor that starts, with its caches off,
 * can be told of it by cleaning one line. */
struct cpu_local {
  uint64_t index;
  /** The end of the stack of the task that runs here. */
  uint64_t task_stack;
  /** The end of a stack for exceptions of the kernel, whose own stack may be what is broken. */
  uint64_t fault_stack;
  /** Where the processor begins: its first stack, and the physical address of the kernel's root. */
  uint64_t start_stack;
  uint64_t start_root;
} __attribute__((aligned(CPU_BYTES)));

_Static_assert(offsetof(struct cpu_local, task_stack) == CPU_TASK_STACK, "known to assembly");
_Static_assert(offsetof(struct cpu_local, fault_stack) == CPU_FAULT_STACK, "known to assembly");
_Static_assert(offsetof(struct cpu_local, start_stack) == CPU_START_STACK, "known to assembly");
_Static_assert(offsetof(struct cpu_local, start_root) == CPU_START_ROOT, "known to assembly");
_Static_assert(sizeof(struct cpu_local) == CPU_BYTES, "known to assembly");

extern struct cpu_local cpu_locals[CPUS_MAX];

/** The processor that asks. */
static inline struct cpu_local *this_cpu(void) {
  struct cpu_local *local;
  __asm__ volatile("mrs %0, tpidr_el1" : "=r"(local));
  return local;
}
#endif
