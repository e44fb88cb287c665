// Further processors: each starts once, on a stack with a guard, and is woken by another.
#include "check.h"
#include "kernel/entry.h"
#include "kernel/processors.h"
#include "subjects.h"

/** Longer than any machine takes; it only ends what hangs. */
#define PATIENCE (UINT64_C(60) * 1000000000)

static bool wait_online(unsigned cpu) {
  uint64_t start = arch_clock();
  while (!processor_is_online(cpu)) {
    if (arch_clock() - start > PATIENCE) return false;
  }
  return true;
}

static bool wait_wake(unsigned cpu, uint64_t wakes) {
  uint64_t start = arch_clock();
  while (processor_wakes(cpu) == wakes) {
    if (arch_clock() - start > PATIENCE) return false;
  }
  return true;
}

static void test_refused(void) {
  test_begin("a processor that is not there is not started");
  check(arch_cpu() == 0 && arch_cpu_count() >= 1 && arch_cpu_count() <= 8);
  check(processor_start(0) == BS_INVALID);
  check(processor_start(arch_cpu_count()) == BS_INVALID);
  check(processor_start(UINT32_MAX) == BS_INVALID);
}

static void test_start(void) {
  test_begin("each further processor starts once, and wakes when it is notified");
  for (unsigned cpu = 1; cpu < arch_cpu_count(); cpu++) {
    check(processor_start(cpu) == BS_OK);
    check(wait_online(cpu));
    check(processor_start(cpu) == BS_BUSY);
    for (unsigned i = 0; i < 100; i++) {
      uint64_t wakes = processor_wakes(cpu);
      arch_cpu_notify(cpu);
      check(wait_wake(cpu, wakes));
    }
  }
}

void test_processors(void) {
  test_refused();
  test_start();
}
