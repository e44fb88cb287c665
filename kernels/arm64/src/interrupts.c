// Interrupts: which line asks, and whom core hears it from.
#include "interrupts.h"

#include "cpu.h"
#include "gic.h"
#include "kernel/entry.h"
#include "machine.h"
#include "timer.h"

/** The line by which one processor notifies another. */
enum { NOTIFY_LINE = 0 };

/** Interrupts in the register of masks. */
enum { MASK_INTERRUPTS = 1 << 7 };

static const struct gic *controller;

void arm64_interrupt(struct arch_frame *frame);

void arch_interrupts_start(void) {
  if (machine_board.gic == BS_GIC_NONE) kernel_panic(NULL, "no interrupt controller is known");
  controller = machine_board.gic == BS_GIC_V2 ? &gic_v2 : &gic_v3;
  controller->start();
  interrupts_start_cpu();
}

void interrupts_start_cpu(void) {
  if (controller->start_cpu() != BS_OK)
    kernel_panic(NULL, "CPU %u has no redistributor", arch_cpu());
}

void interrupts_enable_own(uint32_t line) {
  controller->enable(line);
}

bool arch_interrupts_disable(void) {
  bool on = (READ_SYSTEM(daif) & MASK_INTERRUPTS) == 0;
  __asm__ volatile("msr daifset, #2" : : : "memory");
  return on;
}

void arch_interrupts_restore(bool on) {
  if (on) __asm__ volatile("msr daifclr, #2" : : : "memory");
}

void arch_wait(void) {
  // An interrupt ends the sleep also while it is masked; then it is let in.
  __asm__ volatile("dsb sy; wfi; msr daifclr, #2; isb; msr daifset, #2" : : : "memory");
}

bs_status arch_interrupt_enable(uint32_t line) {
  if (line < GIC_FIRST_SHARED || line >= controller->lines()) return BS_INVALID;
  controller->enable(line);
  return BS_OK;
}

void arch_interrupt_disable(uint32_t line) {
  if (line >= GIC_FIRST_SHARED && line < controller->lines()) controller->disable(line);
}

void arch_cpu_notify(unsigned cpu) {
  controller->notify(cpu, NOTIFY_LINE);
}

/** From the vectors: one line that asks. It is quiet before core hears of it, since core may go on
 * with another task. */
void arm64_interrupt(struct arch_frame *frame) {
  uint32_t taken = controller->take();
  uint32_t line = taken & GIC_LINE;
  if (line >= GIC_NO_LINE) return;
  bool is_timer = line == machine_board.timer_interrupt;
  if (is_timer) timer_quiet();
  if (line >= GIC_FIRST_SHARED) controller->disable(line);
  controller->done(taken);
  if (is_timer) kernel_timer(frame);
  if (line == NOTIFY_LINE) kernel_notified(frame);
  if (line >= GIC_FIRST_SHARED) kernel_interrupt(frame, line);
}
