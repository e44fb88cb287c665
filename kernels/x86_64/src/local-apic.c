// Interrupts of the local APIC and of the I/O APIC (Intel SDM volume 3, chapter 11; 82093AA data
// sheet).
#include "local-apic.h"

#include "cpu.h"
#include "interrupts.h"
#include "kernel/entry.h"

/** Registers of the local APIC. */
enum {
  APIC_END = 0xb0,
  APIC_SPURIOUS = 0xf0,
  APIC_COMMAND = 0x300,
  APIC_COMMAND_TO = 0x310,
  APIC_TIMER = 0x320,
  APIC_LINT0 = 0x350,
  APIC_LINT1 = 0x360,
  APIC_ERROR = 0x370,
  APIC_TIMER_START = 0x380,
  APIC_TIMER_LEFT = 0x390,
  APIC_TIMER_DIVIDE = 0x3e0,
};

enum {
  APIC_MASKED = 1 << 16,
  APIC_ENABLED = 1 << 8,
  DIVIDE_BY_16 = 3,
  COMMAND_PENDING = 1 << 12,
  MSR_APIC_BASE = 0x1b,
  APIC_BASE_ENABLED = 1 << 11,
};

/** Registers of the I/O APIC: one of them is chosen, then reached through the window. */
enum { IO_SELECT = 0, IO_WINDOW = 0x10, IO_FIRST_LINE = 0x10 };

/** The two controllers of old PCs, which say nothing once all their lines are masked. */
enum { OLD_CONTROLLER_MASK = 0x21, OLD_CONTROLLER_2_MASK = 0xa1 };

void local_apic_done(void) {
  write_register(LOCAL_APIC + APIC_END, 0);
}

void local_apic_timer(uint32_t count) {
  write_register(LOCAL_APIC + APIC_TIMER_START, count);
}

uint32_t local_apic_timer_left(void) {
  return read_register(LOCAL_APIC + APIC_TIMER_LEFT);
}

void local_apic_send(unsigned cpu, uint32_t command) {
  write_register(LOCAL_APIC + APIC_COMMAND_TO, cpu << 24);
  write_register(LOCAL_APIC + APIC_COMMAND, command);
  while ((read_register(LOCAL_APIC + APIC_COMMAND) & COMMAND_PENDING) != 0)
    arch_relax();
}

static void write_line(uint32_t line, uint32_t low) {
  write_register(IO_APIC + IO_SELECT, IO_FIRST_LINE + line * 2 + 1);
  write_register(IO_APIC + IO_WINDOW, 0);
  write_register(IO_APIC + IO_SELECT, IO_FIRST_LINE + line * 2);
  write_register(IO_APIC + IO_WINDOW, low);
}

void local_apic_start(void) {
  write_msr(MSR_APIC_BASE, read_msr(MSR_APIC_BASE) | APIC_BASE_ENABLED);
  write_register(LOCAL_APIC + APIC_SPURIOUS, APIC_ENABLED | VECTOR_SPURIOUS);
  write_register(LOCAL_APIC + APIC_LINT0, APIC_MASKED);
  write_register(LOCAL_APIC + APIC_LINT1, APIC_MASKED);
  write_register(LOCAL_APIC + APIC_ERROR, APIC_MASKED);
  write_register(LOCAL_APIC + APIC_TIMER_DIVIDE, DIVIDE_BY_16);
  write_register(LOCAL_APIC + APIC_TIMER, VECTOR_TIMER);
}

void arch_interrupts_start(void) {
  out8(OLD_CONTROLLER_MASK, 0xff);
  out8(OLD_CONTROLLER_2_MASK, 0xff);
  local_apic_start();
  for (uint32_t line = 0; line < LINES; line++)
    write_line(line, APIC_MASKED);
}

bs_status arch_interrupt_enable(uint32_t line) {
  if (line >= LINES) return BS_INVALID;
  write_line(line, VECTOR_LINES + line);
  return BS_OK;
}

void arch_interrupt_disable(uint32_t line) {
  if (line < LINES) write_line(line, APIC_MASKED);
}

void line_interrupt_taken(struct arch_frame *frame) {
  uint32_t line = (uint32_t)frame->vector - VECTOR_LINES;
  arch_interrupt_disable(line);
  local_apic_done();
  kernel_interrupt(frame, line);
}

bool arch_interrupts_disable(void) {
  uint64_t flags;
  __asm__ volatile("pushfq; popq %0; cli" : "=r"(flags) : : "memory");
  return (flags & 0x200) != 0;
}

void arch_interrupts_restore(bool on) {
  if (on) __asm__ volatile("sti" : : : "memory");
}

void arch_wait(void) {
  // STI lets no interrupt in before the next instruction is done.
  __asm__ volatile("sti; hlt; cli" : : : "memory");
}
