// What an architecture calls in core. All of it runs with interrupts off, on the kernel stack of
// the task that was interrupted, and uses general registers alone.
#pragma once

#include "kernel/arch.h"

#include <stdbool.h>
#include <stdint.h>

/** The kernel, once the architecture has a stack, a console and the facts of the boot loader.
 * `boot` stays where it is. */
_Noreturn void kernel_main(const struct boot_info *boot);

/** A further CPU, once it has its stack and the kernel's tables. */
_Noreturn void kernel_cpu_main(unsigned cpu);

/** A system call: number, arguments and answer are in the frame. Returns to user mode when the task
 * goes on; may switch tasks meanwhile, and does not return when the task ends. */
void kernel_system_call(struct arch_frame *frame);

/** What a processor complained about. */
enum fault_kind {
  /** An address that is not mapped, or not so. */
  FAULT_PAGE = 1,
  FAULT_INSTRUCTION,
  FAULT_ARITHMETIC,
  FAULT_ALIGNMENT,
  FAULT_BREAKPOINT,
  /** The machine itself: double fault, machine check, system error. */
  FAULT_MACHINE,
  /** Any other exception. */
  FAULT_OTHER,
};

/** An exception. */
struct fault {
  enum fault_kind kind;
  /** As the processor's manual calls it. */
  const char *name;
  /** FAULT_PAGE: the address, and what was tried there, one of ACCESS_READ, WRITE, EXECUTE. */
  vaddr address;
  unsigned access;
  /** The processor's own word on it (error code, ESR_EL1), for the panic. */
  uint64_t detail;
};

/** An exception. Of user mode: ends the task alone. Of the kernel: a panic, without return. */
void kernel_fault(struct arch_frame *frame, const struct fault *fault);

/** The deadline of `arch_timer_set` has come. `frame` is what was interrupted. */
void kernel_timer(struct arch_frame *frame);

/** A line that was enabled asks for attention; it is off until enabled again. */
void kernel_interrupt(struct arch_frame *frame, uint32_t line);

/** Another CPU called `arch_cpu_notify` for this one. */
void kernel_notified(struct arch_frame *frame);

/** For the architecture's own broken assumptions: says it with registers and backtrace, and powers
 * off with code EXIT_PANIC. `frame` may be NULL. */
_Noreturn void kernel_panic(const struct arch_frame *frame, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Codes of `arch_power_off` beside those of workloads. */
enum exit_code {
  EXIT_DONE = 0,
  /** A test in the guest failed. */
  EXIT_FAILED = 1,
  /** The kernel has found itself broken. */
  EXIT_PANIC = 63,
};

// Frames of RAM, for page tables. Before kernel_main none are there.

/** Takes a frame, all zeros; false when there is none. */
bool frames_take(paddr *out);
/** Takes `count` frames in a row, all zeros; false when there is no such run. */
bool frames_take_run(size_t count, paddr *out);
/** Gives a frame back. */
void frames_give(paddr frame);
/** Gives back a run, or a part of one. */
void frames_give_run(paddr start, size_t count);
