// Armed timers in a list for each processor, the earliest first. A timer comes on the processor
// that armed it.
#include "kernel/timers.h"

#include "kernel-lock.h"
#include "kernel/entry.h"
#include "kernel/limits.h"

static struct timer *earliest[CPUS_MAX];

static void set_hardware(unsigned cpu) {
  arch_timer_set(earliest[cpu] != NULL ? earliest[cpu]->deadline : UINT64_MAX);
}

void timer_arm(struct timer *timer, uint64_t deadline) {
  unsigned cpu = arch_cpu();
  struct timer **place = &earliest[cpu];
  while (*place != NULL && (*place)->deadline <= deadline)
    place = &(*place)->next;
  timer->deadline = deadline;
  timer->cpu = cpu;
  timer->next = *place;
  timer->armed = true;
  *place = timer;
  if (earliest[cpu] == timer) set_hardware(cpu);
}

void timer_disarm(struct timer *timer) {
  if (!timer->armed) return;
  struct timer **place = &earliest[timer->cpu];
  bool first = *place == timer;
  while (*place != timer)
    place = &(*place)->next;
  *place = timer->next;
  timer->armed = false;
  // The timer of another processor comes in vain, once.
  if (first && timer->cpu == arch_cpu()) set_hardware(timer->cpu);
}

void kernel_timer(struct arch_frame *frame) {
  kernel_enter();
  unsigned cpu = arch_cpu();
  while (earliest[cpu] != NULL && earliest[cpu]->deadline <= arch_clock()) {
    struct timer *timer = earliest[cpu];
    earliest[cpu] = timer->next;
    timer->armed = false;
    timer->due(timer);
  }
  set_hardware(cpu);
  kernel_leave(frame);
}
