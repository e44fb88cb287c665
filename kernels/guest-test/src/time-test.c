// Time: the clock goes forward, timers come in their order and not too early, waiting ends.
#include "check.h"
#include "kernel/entry.h"
#include "kernel/timers.h"
#include "subjects.h"

enum { MS = 1000000 };

static struct {
  struct timer timers[4];
  unsigned order[4];
  uint64_t times[4];
  unsigned count;
} fired;

static void note(struct timer *timer) {
  fired.order[fired.count] = (unsigned)(timer - fired.timers);
  fired.times[fired.count++] = arch_clock();
}

static void test_clock(void) {
  test_begin("the clock never goes back");
  uint64_t last = arch_clock();
  bool back = false;
  for (unsigned i = 0; i < 10000; i++) {
    uint64_t now = arch_clock();
    back |= now < last;
    last = now;
  }
  check(!back);
}

static void test_order(void) {
  test_begin("timers come in the order of their deadlines, none too early, a disarmed one never");
  bool on = arch_interrupts_disable();
  static const unsigned delays[4] = {3, 1, 2, 1};
  uint64_t start = arch_clock();
  fired.count = 0;
  for (unsigned i = 0; i < 4; i++) {
    fired.timers[i].due = note;
    timer_arm(&fired.timers[i], start + delays[i] * MS);
  }
  timer_disarm(&fired.timers[3]);
  while (fired.count < 3)
    arch_wait();
  arch_interrupts_restore(on);
  check(fired.order[0] == 1 && fired.order[1] == 2 && fired.order[2] == 0);
  for (unsigned i = 0; i < 3; i++)
    check(fired.times[i] >= start + delays[fired.order[i]] * MS);
  check(!fired.timers[3].armed);
}

static void test_past(void) {
  test_begin("a timer of the past comes at once");
  bool on = arch_interrupts_disable();
  fired.count = 0;
  fired.timers[0].due = note;
  timer_arm(&fired.timers[0], 0);
  while (fired.count < 1)
    arch_wait();
  arch_interrupts_restore(on);
  check(fired.order[0] == 0);
}

void test_time(void) {
  test_clock();
  test_order();
  test_past();
}
