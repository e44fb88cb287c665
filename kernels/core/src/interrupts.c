// Interrupts of devices and of other CPUs.
#include "kernel/entry.h"

void kernel_interrupt(struct arch_frame *frame, uint32_t line) {
  (void)frame;
  kernel_panic(NULL, "interrupt of line %u, which nothing uses", line);
}

void kernel_notified(struct arch_frame *frame) {
  (void)frame;
}
