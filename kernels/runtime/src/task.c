// Tasks: how their waits end, and how they run.
#include "task-cells.h"

static bs_loop *loop_of(const bs_task *task) {
  return bs_loop_of(task->slots[BS_TASK_LOOP]);
}

static void set_value(bs_heap *heap, bs_task *task, bs_signal signal, bs_value value) {
  task->signal = signal;
  bs_store(heap, &task->listed.cell, &task->slots[BS_TASK_VALUE], value);
}

bs_value bs_task_loop(bs_value task) {
  return bs_task_of(task)->slots[BS_TASK_LOOP];
}

bool bs_task_ended(bs_value task) {
  return bs_task_of(task)->state == BS_TASK_ENDED;
}

bs_status bs_task_result(bs_value value, bs_signal *signal, bs_value *result) {
  const bs_task *task = bs_task_of(value);
  if (task->state != BS_TASK_ENDED) return BS_WOULD_BLOCK;
  *signal = task->signal;
  *result = task->slots[BS_TASK_VALUE];
  return BS_OK;
}

/** Takes all waiters of a task out of their lists. */
static void leave_lists(bs_heap *heap, bs_task *task) {
  bs_value waiter = task->slots[BS_TASK_WAITERS];
  while (waiter != BS_NONE) {
    bs_waiter *each = bs_waiter_of(waiter);
    bs_list_remove(heap, bs_waiter_list(each), &each->listed);
    if (each->kind == BS_CASE_IO) loop_of(task)->io_count--;
    waiter = each->slots[BS_WAITER_SIBLING];
  }
  bs_store(heap, &task->listed.cell, &task->slots[BS_TASK_WAITERS], BS_NONE);
}

void bs_task_wake(bs_heap *heap, bs_task *task, uint32_t which, bs_signal signal, bs_value value) {
  set_value(heap, task, signal, value);
  task->which = which;
  leave_lists(heap, task);
  bs_timers_clear(loop_of(task), task);
  bs_loop_make_ready(loop_of(task), task);
}

bs_status bs_task_cancel(bs_heap *heap, bs_value value) {
  bs_task *task = bs_task_of(value);
  if (task->state == BS_TASK_ENDED) return BS_CLOSED;
  if (task->state == BS_TASK_WAITING)
    bs_task_wake(heap, task, task->cases, BS_SIGNAL_ERROR, bs_error_of(BS_CANCELLED));
  else
    task->cancelled = true;
  return BS_OK;
}

static bs_list tasks_of(bs_loop *loop) {
  return (bs_list){&loop->cell, &loop->slots[BS_LOOP_TASKS], &loop->last_task};
}

/** Notes how a task ended, tells who waits for that, and lets the loop forget it. */
static void end(bs_heap *heap, bs_task *task, bs_signal signal, bs_value result) {
  bs_loop *loop = loop_of(task);
  task->state = BS_TASK_ENDED;
  set_value(heap, task, signal, result);
  while (task->slots[BS_TASK_JOINERS] != BS_NONE) {
    const bs_waiter *joiner = bs_waiter_of(task->slots[BS_TASK_JOINERS]);
    bs_task *waiting = bs_task_of(joiner->slots[BS_WAITER_TASK]);
    bs_task_wake(heap, waiting, joiner->which, signal, bs_retain(result));
  }
  loop->task_count--;
  bs_list_remove(heap, tasks_of(loop), &task->listed);
}

/** Runs the frames of a task; whether it has to go on at once, since it is cancelled. */
static bool run_once(bs_run *run, bs_task *task) {
  bs_step step = bs_frames_run(run, &task->listed.cell, &task->slots[BS_TASK_FRAME]);
  if (step == BS_STEP_RETURN || step == BS_STEP_RAISE) {
    end(run->heap, task, step == BS_STEP_RAISE ? BS_SIGNAL_ERROR : BS_SIGNAL_VALUE, run->in);
    return false;
  }
  bs_release(run->heap, run->in);
  if (step == BS_STEP_WAIT) return false;
  if (task->cancelled) {
    task->cancelled = false;
    run->signal = BS_SIGNAL_ERROR;
    run->in = bs_error_of(BS_CANCELLED);
    return true;
  }
  set_value(run->heap, task, BS_SIGNAL_VALUE, BS_NULL);
  bs_loop_make_ready(loop_of(task), task);
  return false;
}

void bs_task_run(bs_heap *heap, bs_task *task) {
  // Its loop lets go of a task that ends.
  bs_value held = bs_retain(bs_from_cell(task));
  bs_value loop = bs_retain(task->slots[BS_TASK_LOOP]);
  bs_value in = bs_exchange(heap, &task->listed.cell, &task->slots[BS_TASK_VALUE], BS_NONE);
  bs_run run = {.heap = heap, .task = held, .signal = task->signal, .in = in, .which = task->which};
  task->state = BS_TASK_RUNNING;
  while (run_once(&run, task))
    continue;
  bs_release(heap, held);
  bs_release(heap, loop);
}
