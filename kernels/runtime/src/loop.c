// The loop: its clock, its turns, and the tasks that are ready.
#include <basalt/loop.h>

#include "task-cells.h"

bs_status bs_loop_new(bs_heap *heap, const bs_loop_options *options, bs_value *out) {
  if (options->now != NULL && options->io_poll == NULL) return BS_INVALID;
  bs_loop *loop = bs_alloc(heap, BS_KIND_LOOP, sizeof *loop);
  if (loop == NULL) return BS_NOMEM;
  loop->options = *options;
  loop->random = options->shuffle;
  if (options->now != NULL) loop->now = options->now(options->context);
  *out = bs_from_cell(loop);
  return BS_OK;
}

size_t bs_loop_count(bs_value loop) {
  return bs_loop_of(loop)->task_count;
}

uint64_t bs_loop_now(bs_value loop) {
  return bs_loop_of(loop)->now;
}

void bs_loop_make_ready(bs_loop *loop, bs_task *task) {
  task->state = BS_TASK_READY;
  task->next_ready = NULL;
  if (loop->last_ready == NULL)
    loop->first_ready = task;
  else
    loop->last_ready->next_ready = task;
  loop->last_ready = task;
  loop->ready_count++;
}

bs_status bs_loop_spawn(bs_heap *heap, bs_value value, bs_value frame, bs_value *out) {
  bs_loop *loop = bs_loop_of(value);
  if (!bs_is_kind(frame, BS_KIND_FRAME) || bs_frame_of(frame)->state != BS_FRAME_FRESH)
    return BS_INVALID;
  bs_task *task = bs_alloc(heap, BS_KIND_TASK, sizeof *task);
  if (task == NULL) return BS_NOMEM;
  task->slots[BS_TASK_LOOP] = bs_retain(value);
  task->slots[BS_TASK_FRAME] = bs_retain(frame);
  task->slots[BS_TASK_VALUE] = BS_NULL;
  bs_frame_of(frame)->state = BS_FRAME_BUSY;
  bs_list tasks = {&loop->cell, &loop->slots[BS_LOOP_TASKS], &loop->last_task};
  bs_list_append(heap, tasks, &task->listed);
  loop->task_count++;
  bs_loop_make_ready(loop, task);
  if (out == NULL)
    bs_release(heap, bs_from_cell(task));
  else
    *out = bs_from_cell(task);
  return BS_OK;
}

void bs_loop_cancel(bs_heap *heap, bs_value loop) {
  bs_value task = bs_loop_of(loop)->slots[BS_LOOP_TASKS];
  for (; task != BS_NONE; task = bs_task_of(task)->listed.next)
    (void)bs_task_cancel(heap, task);
}

/** Nanoseconds until the next deadline. */
static uint64_t time_left(const bs_loop *loop) {
  uint64_t next = bs_timers_next(loop);
  if (next == BS_NEVER) return BS_NEVER;
  return next > loop->now ? next - loop->now : 0;
}

/** Looks at handles and at the clock, which goes on to the next deadline where it is virtual. */
static bs_status look_outside(bs_heap *heap, bs_loop *loop, bool wait) {
  bool is_virtual = loop->options.now == NULL;
  if (!is_virtual) loop->now = loop->options.now(loop->options.context);
  bool may_wait = wait && loop->ready_count == 0;
  uint64_t timeout = may_wait ? time_left(loop) : 0;
  if (is_virtual && timeout != BS_NEVER) timeout = 0;
  if (loop->io_count > 0 || (!is_virtual && timeout > 0)) {
    bs_status status = bs_loop_io_poll(heap, loop, timeout);
    if (status != BS_OK) return status;
  }
  if (!is_virtual)
    loop->now = loop->options.now(loop->options.context);
  else if (may_wait && loop->ready_count == 0 && loop->timer_count > 0 && time_left(loop) > 0)
    loop->now = bs_timers_next(loop);
  bs_timers_expire(heap, loop);
  return BS_OK;
}

/** splitmix64 (Steele, Lea and Flood 2014). */
static uint64_t next_random(bs_loop *loop) {
  uint64_t mixed = loop->random += 0x9e3779b97f4a7c15;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  return mixed ^ mixed >> 31;
}

/** Takes one of the first `among` tasks that are ready. */
static bs_task *take_ready(bs_loop *loop, size_t among) {
  size_t skip = loop->options.shuffle == 0 ? 0 : next_random(loop) % among;
  bs_task *before = NULL;
  bs_task *task = loop->first_ready;
  for (; skip > 0; skip--) {
    before = task;
    task = task->next_ready;
  }
  if (before == NULL)
    loop->first_ready = task->next_ready;
  else
    before->next_ready = task->next_ready;
  if (loop->last_ready == task) loop->last_ready = before;
  loop->ready_count--;
  return task;
}

bs_status bs_loop_turn(bs_heap *heap, bs_value value, bool wait) {
  bs_loop *loop = bs_loop_of(value);
  if (loop->task_count == 0) return BS_NOENT;
  bool hopeless = loop->ready_count == 0 && loop->timer_count == 0 && loop->io_count == 0;
  if (hopeless) return BS_WOULD_BLOCK;
  bs_status status = look_outside(heap, loop, wait);
  if (status != BS_OK) return status;
  size_t left = loop->ready_count;
  if (left == 0 && !wait) return BS_WOULD_BLOCK;
  for (; left > 0; left--)
    bs_task_run(heap, take_ready(loop, left));
  return BS_OK;
}

bs_status bs_loop_run(bs_heap *heap, bs_value loop, bs_value until) {
  for (;;) {
    if (until != BS_NONE && bs_task_ended(until)) return BS_OK;
    bs_status status = bs_loop_turn(heap, loop, true);
    if (status == BS_NOENT && until == BS_NONE) return BS_OK;
    if (status != BS_OK) return status;
  }
}
