// What each CPU has for itself; the gs register points at it while the kernel runs. Assembly knows
// the offsets of the first fields and of the stack in the task state segment.
#pragma once

#define AREA_USER_STACK 0
#define AREA_STACK_TOP 8
#define AREA_INDEX 16
#define AREA_TSS_STACK 28

#define KERNEL_CODE 8
#define KERNEL_DATA 16
#define USER_DATA 35
#define USER_CODE 43
#define TASK_STATE 48

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/** The task state segment (Intel SDM volume 3, 8.7): stacks for traps, and no ports for user mode.
 */
struct task_state {
  uint32_t reserved;
  uint64_t stack[3];
  uint64_t reserved2;
  uint64_t exception_stack[7];
  uint64_t reserved3;
  uint16_t reserved4;
  uint16_t ports;
} __attribute__((packed));

/** Exceptions that must not stand on a stack that may be broken have one each. */
enum { EXCEPTION_STACKS = 3, EXCEPTION_STACK_BYTES = 4096 };

/** The area of one CPU. */
struct cpu_area {
  uint64_t user_stack;
  uint64_t stack_top;
  uint64_t index;
  struct task_state state;
  uint64_t descriptors[8];
  uint8_t exception_stacks[EXCEPTION_STACKS][EXCEPTION_STACK_BYTES] __attribute__((aligned(16)));
};

/** Frames that hold an area. */
enum { CPU_AREA_PAGES = 4 };

/** Fills the area of a CPU; its traps of user mode begin at `stack_top` until the first task runs.
 */
void cpu_area_fill(struct cpu_area *area, unsigned index, void *stack_top);

/** Makes the area that of this CPU, with descriptor tables and the entry of system calls. */
void cpu_area_load(struct cpu_area *area);

_Static_assert(offsetof(struct cpu_area, stack_top) == AREA_STACK_TOP, "assembly knows this");
_Static_assert(offsetof(struct cpu_area, index) == AREA_INDEX, "assembly knows this");
_Static_assert(offsetof(struct cpu_area, state.stack) == AREA_TSS_STACK, "assembly knows this");
#endif
