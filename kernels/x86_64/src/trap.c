// Sorts traps: exceptions become faults of core, interrupts its calls.
#include "cpu.h"
#include "interrupts.h"
#include "kernel/entry.h"
#include "local-apic.h"

/** Bits of the error code of a page fault. */
enum { PAGE_FAULT_WRITE = 2, PAGE_FAULT_FETCH = 16 };

enum { PAGE_FAULT = 14, NON_MASKABLE = 2, EXCEPTIONS = 32 };

/** An exception: the manual's name, and what it is to core. */
struct exception {
  const char *name;
  enum fault_kind kind;
};

/** Intel SDM volume 3, table 6-1. */
static const struct exception exceptions[EXCEPTIONS] = {
    [0] = {"#DE divide error", FAULT_ARITHMETIC},
    [1] = {"#DB debug", FAULT_BREAKPOINT},
    [3] = {"#BP breakpoint", FAULT_BREAKPOINT},
    [4] = {"#OF overflow", FAULT_ARITHMETIC},
    [5] = {"#BR bound range", FAULT_ARITHMETIC},
    [6] = {"#UD invalid opcode", FAULT_INSTRUCTION},
    [7] = {"#NM no floating point", FAULT_INSTRUCTION},
    [8] = {"#DF double fault", FAULT_MACHINE},
    [10] = {"#TS invalid task state", FAULT_OTHER},
    [11] = {"#NP segment not present", FAULT_OTHER},
    [12] = {"#SS stack segment", FAULT_OTHER},
    [13] = {"#GP general protection", FAULT_OTHER},
    [14] = {"#PF page fault", FAULT_PAGE},
    [16] = {"#MF floating point", FAULT_ARITHMETIC},
    [17] = {"#AC alignment", FAULT_ALIGNMENT},
    [18] = {"#MC machine check", FAULT_MACHINE},
    [19] = {"#XM SIMD floating point", FAULT_ARITHMETIC},
    [20] = {"#VE virtualization", FAULT_OTHER},
    [21] = {"#CP control protection", FAULT_OTHER},
};

static void exception_taken(struct arch_frame *frame) {
  struct exception exception = exceptions[frame->vector];
  struct fault fault = {
      .kind = exception.name != NULL ? exception.kind : FAULT_OTHER,
      .name = exception.name != NULL ? exception.name : "reserved exception",
      .detail = frame->error,
  };
  if (frame->vector == PAGE_FAULT) {
    fault.address = read_cr2();
    fault.access = (frame->error & PAGE_FAULT_FETCH) != 0   ? ACCESS_EXECUTE
                   : (frame->error & PAGE_FAULT_WRITE) != 0 ? ACCESS_WRITE
                                                            : ACCESS_READ;
  }
  kernel_fault(frame, &fault);
}

void trap_taken(struct arch_frame *frame) {
  if (frame->vector == NON_MASKABLE) return;
  if (frame->vector < EXCEPTIONS) {
    exception_taken(frame);
  } else if (frame->vector == VECTOR_TIMER) {
    timer_interrupt_taken(frame);
  } else if (frame->vector == VECTOR_NOTIFY) {
    local_apic_done();
    kernel_notified(frame);
  } else if (frame->vector < VECTOR_LINES + LINES) {
    line_interrupt_taken(frame);
  }
  // What is left is spurious and wants no end of interrupt.
}
