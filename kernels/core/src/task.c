// The scheduler: the ready task of the highest priority runs, those of the same priority in turn,
// each for a slice. The timer is armed for a slice only while another one of its priority is ready.
// Code of the kernel is not preempted; a task that should give way does so before it enters user
// mode.
#include "task.h"

#include "kernel-lock.h"
#include "kernel/frames.h"
#include "poll.h"
#include "power.h"
#include "process.h"

static struct task tasks[TASKS_MAX];
static uint32_t last_number;

/** What a processor does. */
static struct processor {
  /** Its boot stack's task, which runs when no other does. */
  struct task idle;
  /** NULL before the first task. */
  struct task *current;
  bool is_open;
  /** It was idle and has been called for a task. */
  bool called;
  bool should_give_way;
  struct timer slice;
} processors[CPUS_MAX];

static bool open_to_tasks;

/** Ready tasks by priority. */
static struct { struct task *first, *last; } ready[BS_MAX_PRIORITIES];
static uint32_t ready_bits;

/** A task that has ended while its stack was in use. */
static struct task *leaving;

static struct processor *this_processor(void) {
  return &processors[arch_cpu()];
}

static bool is_idle(const struct processor *processor) {
  return processor->current == NULL || processor->current == &processor->idle;
}

struct task *task_current(void) {
  struct processor *here = this_processor();
  return here->current != NULL ? here->current : &here->idle;
}

bool task_runs_on(unsigned cpu, const struct process *process) {
  return !is_idle(&processors[cpu]) && processors[cpu].current->process == process;
}

/** The highest priority that is ready, or -1. */
static int best_ready(void) {
  return ready_bits == 0 ? -1 : 31 - __builtin_clz(ready_bits);
}

static void slice_over(struct timer *timer) {
  struct processor *at = (struct processor *)((uint8_t *)timer - offsetof(struct processor, slice));
  at->should_give_way = true;
}

static void start_slice(struct processor *here) {
  if (!here->slice.armed && !is_idle(here) && ready[here->current->priority].first != NULL) {
    here->slice.due = slice_over;
    timer_arm(&here->slice, arch_clock() + SLICE_NS);
  }
}

/** Lets a processor look whether it should run another task. */
static void call(struct processor *processor) {
  processor->should_give_way = true;
  processor->called = true;
  if (processor != this_processor()) arch_cpu_notify((unsigned)(processor - processors));
}

/** The processor that should run a task that became ready: an idle one, else the one with the least
 * urgent task, if it is less urgent than this. */
static struct processor *processor_for(const struct task *task) {
  struct processor *least = NULL;
  for (struct processor *at = processors; at < processors + CPUS_MAX; at++) {
    if (!at->is_open || at->called) continue;
    if (is_idle(at)) return at;
    if (at->current->priority < task->priority &&
        (least == NULL || at->current->priority < least->current->priority))
      least = at;
  }
  return least;
}

/** Processors that run tasks of this priority share them with one that became ready. */
static void share_slices(unsigned priority) {
  for (struct processor *at = processors; at < processors + CPUS_MAX; at++) {
    if (!at->is_open || is_idle(at) || at->current->priority != priority || at->slice.armed)
      continue;
    if (at == this_processor())
      start_slice(at);
    else
      arch_cpu_notify((unsigned)(at - processors));
  }
}

static void make_ready(struct task *task) {
  task->state = TASK_READY;
  task->next = NULL;
  if (ready[task->priority].first == NULL)
    ready[task->priority].first = task;
  else
    ready[task->priority].last->next = task;
  ready[task->priority].last = task;
  ready_bits |= 1u << task->priority;
  struct processor *better = processor_for(task);
  if (better != NULL)
    call(better);
  else
    share_slices(task->priority);
}

static void leave_ready(struct task *task) {
  struct task *before = NULL;
  for (struct task *at = ready[task->priority].first; at != task; at = at->next)
    before = at;
  if (before == NULL)
    ready[task->priority].first = task->next;
  else
    before->next = task->next;
  if (ready[task->priority].last == task) ready[task->priority].last = before;
  if (ready[task->priority].first == NULL) ready_bits &= ~(1u << task->priority);
}

static void free_stack(struct task *task) {
  uint8_t *guard = arch_direct(task->stack_frames);
  arch_kernel_protect(guard, PAGE_BYTES, ACCESS_READ | ACCESS_WRITE);
  frames_give_run(task->stack_frames, 1 + KERNEL_STACK_PAGES);
}

/** Frees what a task that ended could not free while it stood on it. */
static void clean_up(void) {
  struct task *task = leaving;
  if (task == NULL) return;
  leaving = NULL;
  free_stack(task);
  process_release(task->process);
  task->process = NULL;
  task_release(task);
}

/** Goes on with the best ready task; the current one is already in a queue, or is idle or has
 * ended. It may be gone on with on another processor. */
static void switch_task(void) {
  struct processor *here = this_processor();
  struct task *before = task_current();
  int priority = best_ready();
  struct task *next = priority < 0 ? &here->idle : ready[priority].first;
  if (next != &here->idle) leave_ready(next);
  next->state = TASK_RUNNING;
  next->cpu = arch_cpu();
  timer_disarm(&here->slice);
  uint64_t now = arch_clock();
  before->stats.cpu_time += now - before->running_since;
  next->running_since = now;
  here->current = next;
  here->should_give_way = false;
  here->called = false;
  start_slice(here);
  if (next == before) return;
  next->stats.context_switches++;
  arch_space_enter(next->process != NULL ? next->process->space : 0);
  arch_switch(&before->saved, next->saved, next->stack_top);
  clean_up();
}

static _Noreturn void end_current(void) {
  struct task *task = task_current();
  process_task_ended(task);
  task->state = TASK_ENDED;
  wake_all(&task->waiters);
  poll_changed();
  leaving = task;
  switch_task();
  kernel_panic(NULL, "a task that ended runs");
}

static void begin(void *argument) {
  struct task *task = argument;
  clean_up();
  task_before_user();
  kernel_leave_to_user();
  arch_enter_user(task->entry, task->user_stack, task->argument);
}

static struct task *free_place(void) {
  for (unsigned i = 0; i < TASKS_MAX; i++)
    if (tasks[i].state == TASK_FREE) return &tasks[i];
  return NULL;
}

/** A kernel stack whose lowest page is absent. */
static bs_status make_stack(paddr *out) {
  if (!frames_take_run(1 + KERNEL_STACK_PAGES, out)) return BS_NOMEM;
  bs_status status = arch_kernel_protect(arch_direct(*out), PAGE_BYTES, ACCESS_NONE);
  if (status != BS_OK) frames_give_run(*out, 1 + KERNEL_STACK_PAGES);
  return status;
}

bs_status task_create(const struct task_start *start, struct task **out) {
  struct task *task = free_place();
  paddr stack;
  vaddr user_stack;
  if (task == NULL || make_stack(&stack) != BS_OK) return BS_NOMEM;
  *task = (struct task){
      .number = ++last_number,
      .priority = start->priority,
      .process = start->process,
      .capabilities = start->capabilities,
      .allowed = start->allowed,
      .stack_frames = stack,
      .stack_top = (uint8_t *)arch_direct(stack) + (1 + KERNEL_STACK_PAGES) * PAGE_BYTES,
      .entry = start->entry,
      .argument = start->argument,
      // One of the caller, one of the running task itself.
      .references = 2,
  };
  if (process_map(start->process, 0, USER_STACK_PAGES, ACCESS_READ | ACCESS_WRITE, false,
                  &user_stack) != BS_OK) {
    free_stack(task);
    return BS_NOMEM;
  }
  task->stack_region = user_stack;
  task->user_stack = user_stack + USER_STACK_PAGES * PAGE_BYTES;
  task->saved = arch_task_prepare(task->stack_top, begin, task);
  process_retain(start->process);
  make_ready(task);
  *out = task;
  return BS_OK;
}

void task_release(struct task *task) {
  if (--task->references == 0) task->state = TASK_FREE;
}

void task_handle_release(void *task) {
  task_release(task);
}

static void leave_queue(struct task *task) {
  struct task **place = &task->waits_in->first;
  while (*place != task)
    place = &(*place)->next;
  *place = task->next;
  task->waits_in = NULL;
}

static void wake(struct task *task, bs_status status) {
  leave_queue(task);
  timer_disarm(&task->timeout);
  task->woken_with = status;
  make_ready(task);
}

static void time_is_up(struct timer *timer) {
  wake((struct task *)((uint8_t *)timer - offsetof(struct task, timeout)), BS_TIMEOUT);
}

bs_status task_wait(struct wait_queue *queue, uint64_t deadline) {
  struct task *task = task_current();
  if (task->ending) return BS_CLOSED;
  struct task **place = &queue->first;
  while (*place != NULL)
    place = &(*place)->next;
  *place = task;
  task->next = NULL;
  task->waits_in = queue;
  task->state = TASK_WAITING;
  if (deadline != UINT64_MAX) {
    task->timeout.due = time_is_up;
    timer_arm(&task->timeout, deadline);
  }
  switch_task();
  return task->ending ? BS_CLOSED : task->woken_with;
}

void wake_one(struct wait_queue *queue) {
  if (queue->first != NULL) wake(queue->first, BS_OK);
}

void wake_all(struct wait_queue *queue) {
  while (queue->first != NULL)
    wake_one(queue);
}

/** Lets a task that runs on another processor come into the kernel. */
static void call_from_user(const struct task *task) {
  if (task->state == TASK_RUNNING && task != task_current()) arch_cpu_notify(task->cpu);
}

void task_end(struct task *task, const struct bs_task_end *end) {
  if (task->ending || task->state == TASK_ENDED) return;
  task->ending = true;
  task->end = *end;
  if (task->state == TASK_WAITING) wake(task, BS_CLOSED);
  call_from_user(task);
}

void tasks_end_all(struct process *process, const struct bs_task_end *end) {
  for (unsigned i = 0; i < TASKS_MAX; i++)
    if (tasks[i].state != TASK_FREE && tasks[i].process == process) task_end(&tasks[i], end);
}

void tasks_deactivate(const struct process *process, uint32_t kept) {
  for (unsigned i = 0; i < TASKS_MAX; i++)
    if (tasks[i].process == process) tasks[i].capabilities &= kept;
}

void task_set_priority(struct task *task, unsigned priority) {
  bool queued = task->state == TASK_READY;
  if (queued) leave_ready(task);
  task->priority = priority;
  if (queued) make_ready(task);
  if (task->state == TASK_RUNNING && best_ready() > (int)priority) call(&processors[task->cpu]);
}

uint64_t task_cpu_time(const struct task *task) {
  uint64_t running = task->state == TASK_RUNNING ? arch_clock() - task->running_since : 0;
  return task->stats.cpu_time + running;
}

void task_yield(void) {
  make_ready(task_current());
  switch_task();
}

void task_before_user(void) {
  struct task *task = task_current();
  if (task->ending) end_current();
  struct processor *here = this_processor();
  start_slice(here);
  if (!here->should_give_way) return;
  here->should_give_way = false;
  here->called = false;
  if (best_ready() < (int)task->priority) return;
  task->stats.preemptions++;
  task_yield();
  if (task->ending) end_current();
}

void scheduler_open(void) {
  __atomic_store_n(&open_to_tasks, true, __ATOMIC_RELEASE);
}

bool scheduler_is_open(void) {
  return __atomic_load_n(&open_to_tasks, __ATOMIC_ACQUIRE);
}

_Noreturn void scheduler_run(void) {
  arch_interrupts_disable();
  struct processor *here = this_processor();
  here->current = &here->idle;
  here->is_open = true;
  for (;;) {
    here->called = false;
    if (ready_bits != 0) {
      switch_task();
    } else if (process_count() == 0) {
      kernel_power_off(process_exit_code());
    } else {
      kernel_unlock();
      arch_wait();
      kernel_enter();
    }
  }
}
