// The lock of the kernel. A processor that wants it and does not get it may be asked to forget
// translations, and needs to do so only before it is in user mode again: the kernel reaches memory
// of programs by its own mapping. So who unmaps waits only for processors in user mode.
#include "kernel-lock.h"

#include "kernel/limits.h"
#include "task.h"

static struct {
  /** The number of the processor and one; 0 is nobody. */
  unsigned owner;
  /** How often the owner has it. */
  unsigned depth;
} lock;

static struct {
  bool in_user;
  bool must_forget;
} sides[CPUS_MAX];

void kernel_enter(void) {
  unsigned me = arch_cpu() + 1, nobody = 0;
  __atomic_store_n(&sides[me - 1].in_user, false, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&lock.owner, __ATOMIC_RELAXED) != me) {
    while (!__atomic_compare_exchange_n(&lock.owner, &nobody, me, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED)) {
      nobody = 0;
      arch_relax();
    }
  }
  lock.depth++;
}

void kernel_unlock(void) {
  if (--lock.depth == 0) __atomic_store_n(&lock.owner, 0, __ATOMIC_RELEASE);
}

void kernel_leave_to_user(void) {
  unsigned me = arch_cpu();
  if (sides[me].must_forget) arch_space_forget();
  sides[me].must_forget = false;
  __atomic_store_n(&sides[me].in_user, true, __ATOMIC_SEQ_CST);
  kernel_unlock();
}

void kernel_leave(struct arch_frame *frame) {
  if (arch_frame_is_user(frame)) {
    task_before_user();
    kernel_leave_to_user();
  } else {
    kernel_unlock();
  }
}

void kernel_forget_space(const struct process *process) {
  unsigned me = arch_cpu();
  for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++) {
    if (cpu == me || !task_runs_on(cpu, process)) continue;
    sides[cpu].must_forget = true;
    if (!__atomic_load_n(&sides[cpu].in_user, __ATOMIC_SEQ_CST)) continue;
    arch_cpu_notify(cpu);
    while (__atomic_load_n(&sides[cpu].in_user, __ATOMIC_SEQ_CST))
      arch_relax();
  }
}
