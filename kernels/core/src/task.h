// Tasks: what runs, what is ready, what waits.
#pragma once

#include "basalt/kernel-abi.h"
#include "kernel/entry.h"
#include "kernel/limits.h"
#include "kernel/timers.h"

struct process;

enum task_state { TASK_FREE, TASK_READY, TASK_RUNNING, TASK_WAITING, TASK_ENDED };

/** Tasks that wait for the same thing, the first one first. */
struct wait_queue {
  struct task *first;
};

/** A task. Everything is changed with interrupts off. */
struct task {
  enum task_state state;
  /** Counts the tasks that were in this place: part of no handle, but shown in logs. */
  uint32_t number;
  unsigned priority;
  struct process *process;
  /** Kinds of capabilities that are active, a bit each, and those that may ever be. */
  uint32_t capabilities;
  uint32_t allowed;

  /** Where it goes on in the kernel, and the end of its kernel stack. */
  void *saved;
  void *stack_top;
  paddr stack_frames;
  /** Where it begins in user mode. */
  vaddr entry;
  uint64_t argument;
  vaddr user_stack;
  /** Where the region of its stack begins. */
  vaddr stack_region;

  /** The next in a queue of ready or of waiting tasks. */
  struct task *next;
  struct wait_queue *waits_in;
  bs_status woken_with;
  struct timer timeout;

  /** It is to end with this, the next time it is about to enter user mode. */
  bool ending;
  struct bs_task_end end;
  struct wait_queue waiters;
  /** Handles that name it; while there is one, the place is not free. */
  unsigned references;

  struct bs_task_stats stats;
  /** Where and since when it runs. */
  unsigned cpu;
  uint64_t running_since;
  struct bs_error_info last_error;
};

/** The task that runs on this CPU; the idle one, which has no process, is there from the start. */
struct task *task_current(void);

/** What a new task begins with. */
struct task_start {
  struct process *process;
  vaddr entry;
  uint64_t argument;
  unsigned priority;
  /** Kinds of capabilities that are active, and those that may ever be. */
  uint32_t capabilities;
  uint32_t allowed;
};

/** Makes a task that is ready, with a stack for user mode and a reference for the caller. BS_NOMEM
 * when there is no place or memory left. */
bs_status task_create(const struct task_start *start, struct task **out);

/** Gives a reference back. */
void task_release(struct task *task);

/** The same for the handle of a task. */
void task_handle_release(void *task);

/** Asks a task to end; it does so before it enters user mode again. A waiting one stops waiting. */
void task_end(struct task *task, const struct bs_task_end *end);

/** Asks all tasks of a process to end. */
void tasks_end_all(struct process *process, const struct bs_task_end *end);

/** Leaves only these kinds of capabilities active in the tasks of a process. */
void tasks_deactivate(const struct process *process, uint32_t kept);

/** Sets a priority; takes effect at once. */
void task_set_priority(struct task *task, unsigned priority);

/** CPU time up to now. */
uint64_t task_cpu_time(const struct task *task);

/** Lets the current task wait in a queue until it is woken or the time has come (UINT64_MAX:
 * never). BS_OK, BS_TIMEOUT, or BS_CLOSED when the task is to end. */
bs_status task_wait(struct wait_queue *queue, uint64_t deadline);

/** Wakes the first, or all, of a queue. */
void wake_one(struct wait_queue *queue);
void wake_all(struct wait_queue *queue);

/** Lets others of the same priority run. */
void task_yield(void);

/** Before user mode is entered again: lets a better task run, ends what is to end. */
void task_before_user(void);

/** Whether the task that runs on a CPU is of a process. */
bool task_runs_on(unsigned cpu, const struct process *process);

/** From here on CPUs run tasks as soon as they come. */
void scheduler_open(void);

/** Whether `scheduler_open` was called. */
bool scheduler_is_open(void);

/** Runs what is ready and sleeps otherwise, for ever; the stack becomes that of this CPU's idle
 * task. The kernel was entered. */
_Noreturn void scheduler_run(void);
