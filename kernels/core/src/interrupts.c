// Interrupts of devices and of other CPUs.
#include "kernel/interrupts.h"

#include "kernel-lock.h"
#include "kernel/boot-info.h"
#include "kernel/entry.h"

static struct {
  uint32_t line;
  interrupt_handler *handler;
  void *context;
} claims[BOOT_DEVICES_MAX];

static unsigned claim_count;

bs_status interrupt_claim(uint32_t line, interrupt_handler *handler, void *context) {
  for (unsigned i = 0; i < claim_count; i++)
    if (claims[i].line == line) return BS_BUSY;
  if (claim_count == BOOT_DEVICES_MAX) return BS_NOMEM;
  claims[claim_count].line = line;
  claims[claim_count].handler = handler;
  claims[claim_count].context = context;
  bs_status status = arch_interrupt_enable(line);
  claim_count += status == BS_OK;
  return status;
}

static void call_handler(uint32_t line) {
  for (unsigned i = 0; i < claim_count; i++) {
    if (claims[i].line != line) continue;
    claims[i].handler(claims[i].context);
    arch_interrupt_enable(line);
    return;
  }
  kernel_panic(NULL, "interrupt of line %u, which nothing uses", line);
}

void kernel_interrupt(struct arch_frame *frame, uint32_t line) {
  kernel_enter();
  call_handler(line);
  kernel_leave(frame);
}

void kernel_notified(struct arch_frame *frame) {
  // One that has nothing to do looks for work when this returns.
  if (!arch_frame_is_user(frame)) return;
  kernel_enter();
  kernel_leave(frame);
}
