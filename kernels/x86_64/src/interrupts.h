// Descriptor tables and the vectors of x86_64.
#pragma once

#include "frame.h"

/** Vectors: exceptions come first, then lines of the I/O APIC, then what CPUs send themselves. */
enum vector {
  VECTOR_LINES = 0x20,
  VECTOR_TIMER = 0xf0,
  VECTOR_NOTIFY = 0xf1,
  VECTOR_SPURIOUS = 0xff,
};

/** Lines of the I/O APIC. */
enum { LINES = 24 };

/** Loads descriptor tables for the CPU that booted: from here on an exception is a panic that says
 * what happened, no reset. */
void exceptions_start(void);

/** What traps.S calls for every trap but system calls. */
void trap_taken(struct arch_frame *frame);
