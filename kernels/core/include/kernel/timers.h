// Things that happen at a time. The processor's timer is set to the earliest; there is no tick.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/** A thing to happen. It belongs to the caller and stays in place while it is armed. */
struct timer {
  uint64_t deadline;
  /** Called once, with interrupts off and the timer no longer armed. */
  void (*due)(struct timer *timer);
  struct timer *next;
  unsigned cpu;
  bool armed;
};

/** Arms a timer that is not armed, for a time of `arch_clock`. Interrupts are off. */
void timer_arm(struct timer *timer, uint64_t deadline);

/** Disarms a timer; nothing happens when it was not armed. Interrupts are off. */
void timer_disarm(struct timer *timer);
