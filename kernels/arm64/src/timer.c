// The generic timer: the virtual counter and its comparator, of each processor its own (Arm ARM,
// chapter D11).
#include "timer.h"

#include "cpu.h"
#include "interrupts.h"
#include "kernel/arch.h"
#include "machine.h"

#define SECOND UINT64_C(1000000000)

enum { TIMER_OFF = 0, TIMER_ON = 1 };

/** Ticks of the counter in a second. */
static uint64_t frequency;

void timer_quiet(void) {
  WRITE_SYSTEM(cntv_ctl_el0, TIMER_OFF);
  synchronize();
}

void timer_start_cpu(void) {
  timer_quiet();
  interrupts_enable_own(machine_board.timer_interrupt);
}

bs_status arch_time_start(const char **how) {
  frequency = READ_SYSTEM(cntfrq_el0) & UINT32_MAX;
  if (frequency == 0 || machine_board.timer_interrupt == 0) return BS_UNSUPPORTED;
  timer_start_cpu();
  *how = "generic timer, frequency of CNTFRQ_EL0";
  return BS_OK;
}

uint64_t arch_clock(void) {
  // The counter is not read before what came before is done.
  synchronize();
  uint64_t ticks = READ_SYSTEM(cntvct_el0);
  // The rest is below the frequency, which has 32 bits: the product fits.
  return ticks / frequency * SECOND + ticks % frequency * SECOND / frequency;
}

/** The first tick at which `arch_clock` says `time` or more. */
static uint64_t tick_of(uint64_t time) {
  uint64_t ticks;
  uint64_t rest = (time % SECOND * frequency + SECOND - 1) / SECOND;
  if (__builtin_mul_overflow(time / SECOND, frequency, &ticks)) return UINT64_MAX;
  if (__builtin_add_overflow(ticks, rest, &ticks)) return UINT64_MAX;
  return ticks;
}

void arch_timer_set(uint64_t deadline) {
  if (deadline != UINT64_MAX) WRITE_SYSTEM(cntv_cval_el0, tick_of(deadline));
  WRITE_SYSTEM(cntv_ctl_el0, deadline == UINT64_MAX ? TIMER_OFF : TIMER_ON);
  synchronize();
}
