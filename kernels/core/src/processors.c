// Starts further processors, and is where they wait for something to do.
#include "kernel/processors.h"

#include "kernel-lock.h"
#include "kernel/entry.h"
#include "kernel/frames.h"
#include "kernel/limits.h"
#include "task.h"

enum { PROCESSORS_MAX = CPUS_MAX, STACK_PAGES = 4 };

static struct {
  bool started;
  bool online;
  uint64_t wakes;
} processors[PROCESSORS_MAX];

bs_status processor_start(unsigned cpu) {
  paddr stack;
  if (cpu == 0 || cpu >= arch_cpu_count()) return BS_INVALID;
  if (processors[cpu].started) return BS_BUSY;
  if (!frames_take_run(1 + STACK_PAGES, &stack)) return BS_NOMEM;
  uint8_t *guard = arch_direct(stack);
  bs_status status = arch_kernel_protect(guard, PAGE_BYTES, ACCESS_NONE);
  if (status == BS_OK) status = arch_cpu_start(cpu, guard + (1 + STACK_PAGES) * PAGE_BYTES);
  processors[cpu].started = status == BS_OK;
  if (status == BS_OK) return BS_OK;
  arch_kernel_protect(guard, PAGE_BYTES, ACCESS_READ | ACCESS_WRITE);
  frames_give_run(stack, 1 + STACK_PAGES);
  return status;
}

unsigned processor_count(void) {
  unsigned count = 1;
  for (unsigned cpu = 1; cpu < PROCESSORS_MAX; cpu++)
    count += processors[cpu].started;
  return count;
}

bool processor_is_online(unsigned cpu) {
  return __atomic_load_n(&processors[cpu].online, __ATOMIC_ACQUIRE);
}

uint64_t processor_wakes(unsigned cpu) {
  return __atomic_load_n(&processors[cpu].wakes, __ATOMIC_ACQUIRE);
}

_Noreturn void kernel_cpu_main(unsigned cpu) {
  __atomic_store_n(&processors[cpu].online, true, __ATOMIC_RELEASE);
  while (!scheduler_is_open()) {
    arch_wait();
    __atomic_fetch_add(&processors[cpu].wakes, 1, __ATOMIC_RELEASE);
  }
  kernel_enter();
  scheduler_run();
}
