// Calls of tasks.
#include "calls.h"
#include "capabilities.h"
#include "errors.h"
#include "handles.h"
#include "kernel/processors.h"
#include "user-memory.h"

/** A time from now, as far as there is one. */
static uint64_t later(uint64_t duration) {
  uint64_t now = arch_clock();
  return duration < UINT64_MAX - now ? now + duration : UINT64_MAX;
}

/** The task of a handle that was checked; the caller for 0. */
static struct task *named_task(struct task *task, bs_handle handle) {
  bool stale;
  return handle == 0 ? task : handle_object(task->process, handle, 1u << BS_HANDLE_TASK, &stale);
}

static bs_status give_handle(struct task *task, struct task *made, vaddr handle_out) {
  bs_handle handle;
  bs_status status = handle_open(task, BS_HANDLE_TASK, made, &handle);
  if (status == BS_OK) return user_write(task->process, handle_out, &handle, sizeof(handle));
  // It has not run yet and ends before it does.
  struct bs_task_end killed = {.kind = BS_TASK_KILLED};
  task_end(made, &killed);
  task_release(made);
  return status;
}

bs_status call_task_spawn(struct task *task, const uint64_t *arguments) {
  uint32_t set;
  bs_status status = capability_set(task, arguments[2], arguments[3], 2, &set);
  if (status != BS_OK) return status;
  if ((set & ~task->capabilities) != 0)
    return task_fails(task, BS_PERMISSION, BS_DETAIL_CAPABILITY, set & ~task->capabilities, 0);
  if (!user_may(task->process, arguments[0], 1, ACCESS_EXECUTE))
    return task_fails(task, BS_INVALID, BS_DETAIL_ADDRESS, 0, arguments[0]);
  bool detached = (arguments[4] & BS_TASK_DETACHED) != 0 || arguments[5] == 0;
  struct task_start start = {task->process, arguments[0], arguments[1], task->priority, set, set};
  struct task *made;
  status = task_create(&start, &made);
  if (status != BS_OK) return task_fails(task, status, BS_DETAIL_MEMORY, 0, 0);
  if (!detached) return give_handle(task, made, arguments[5]);
  task_release(made);
  return BS_OK;
}

bs_status call_task_yield(struct task *task, const uint64_t *arguments) {
  (void)task;
  (void)arguments;
  task_yield();
  return BS_OK;
}

bs_status call_task_sleep(struct task *task, const uint64_t *arguments) {
  (void)task;
  if (arguments[0] == 0) return BS_OK;
  struct wait_queue nobody = {NULL};
  bs_status status = task_wait(&nobody, later(arguments[0]));
  return status == BS_TIMEOUT ? BS_OK : status;
}

bs_status call_task_set_priority(struct task *task, const uint64_t *arguments) {
  task_set_priority(named_task(task, arguments[0]), (unsigned)arguments[1]);
  return BS_OK;
}

bs_status call_task_get_stats(struct task *task, const uint64_t *arguments) {
  const struct task *named = named_task(task, arguments[0]);
  struct bs_task_stats stats = named->stats;
  stats.cpu_time = task_cpu_time(named);
  return user_write(task->process, arguments[1], &stats, sizeof(stats));
}

bs_status call_task_exit(struct task *task, const uint64_t *arguments) {
  struct bs_task_end end = {.kind = BS_TASK_EXITED, .code = (int32_t)arguments[0]};
  task_end(task, &end);
  return BS_OK;
}

bs_status call_task_wait(struct task *task, const uint64_t *arguments) {
  struct task *other = named_task(task, arguments[0]);
  if (other == task) return task_fails(task, BS_INVALID, BS_DETAIL_VALUE, 0, arguments[0]);
  uint64_t deadline = later(arguments[1]);
  bs_status status = BS_OK;
  other->references++;
  while (status == BS_OK && other->state != TASK_ENDED)
    status = arguments[1] == 0 ? BS_WOULD_BLOCK : task_wait(&other->waiters, deadline);
  if (status == BS_OK)
    status = user_write(task->process, arguments[2], &other->end, sizeof(other->end));
  bool stale;
  uint64_t tags = 1u << BS_HANDLE_TASK;
  // Another waiter may have closed it.
  if (status == BS_OK && handle_object(task->process, arguments[0], tags, &stale) == other)
    handle_close(task->process, arguments[0]);
  task_release(other);
  return status;
}

bs_status call_task_kill(struct task *task, const uint64_t *arguments) {
  struct task *other = named_task(task, arguments[0]);
  if (other == task) return task_fails(task, BS_INVALID, BS_DETAIL_VALUE, 0, arguments[0]);
  struct bs_task_end end = {.kind = BS_TASK_KILLED, .code = (int32_t)arguments[1]};
  task_end(other, &end);
  return BS_OK;
}

bs_status call_task_processors(struct task *task, const uint64_t *arguments) {
  uint32_t count = processor_count();
  return user_write(task->process, arguments[0], &count, sizeof(count));
}
