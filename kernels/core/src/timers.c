// Armed timers in a list, the earliest first.
#include "kernel/timers.h"

#include "kernel/entry.h"
#include "task.h"

static struct timer *earliest;

static void set_hardware(void) {
  arch_timer_set(earliest != NULL ? earliest->deadline : UINT64_MAX);
}

void timer_arm(struct timer *timer, uint64_t deadline) {
  struct timer **place = &earliest;
  while (*place != NULL && (*place)->deadline <= deadline)
    place = &(*place)->next;
  timer->deadline = deadline;
  timer->next = *place;
  timer->armed = true;
  *place = timer;
  if (earliest == timer) set_hardware();
}

void timer_disarm(struct timer *timer) {
  if (!timer->armed) return;
  bool first = earliest == timer;
  for (struct timer **place = &earliest; *place != NULL; place = &(*place)->next) {
    if (*place == timer) {
      *place = timer->next;
      break;
    }
  }
  timer->armed = false;
  if (first) set_hardware();
}

void kernel_timer(struct arch_frame *frame) {
  while (earliest != NULL && earliest->deadline <= arch_clock()) {
    struct timer *timer = earliest;
    earliest = timer->next;
    timer->armed = false;
    timer->due(timer);
  }
  set_hardware();
  if (arch_frame_is_user(frame)) task_before_user();
}
