// The timers of a loop: a binary heap by deadline. Each task has at most one.
#include "task-cells.h"

static bs_loop_memory *memory_of(const bs_loop *loop) {
  return (bs_loop_memory *)bs_cell_of(loop->slots[BS_LOOP_TIMERS]);
}

static bs_timer *timers_of(const bs_loop *loop) {
  return memory_of(loop)->as.timers;
}

bs_status bs_timers_reserve(bs_heap *heap, bs_loop *loop, size_t count) {
  bs_loop_memory *old = memory_of(loop);
  if (old != NULL && old->room >= count) return BS_OK;
  size_t room = count < 4 ? 4 : 2 * count;
  bs_loop_memory *grown =
      bs_alloc(heap, BS_KIND_LOOP_MEMORY, sizeof *grown + room * sizeof(bs_timer));
  if (grown == NULL) return BS_NOMEM;
  grown->room = room;
  for (size_t i = 0; i < loop->timer_count; i++)
    grown->as.timers[i] = old->as.timers[i];
  bs_store(heap, &loop->cell, &loop->slots[BS_LOOP_TIMERS], bs_from_cell(grown));
  return BS_OK;
}

static bool precedes(const bs_timer *a, const bs_timer *b) {
  return a->deadline != b->deadline ? a->deadline < b->deadline : a->number < b->number;
}

static void put(bs_timer *timers, size_t at, bs_timer timer) {
  timers[at] = timer;
  timer.task->timer = at + 1;
}

static void rise(bs_timer *timers, size_t at) {
  bs_timer risen = timers[at];
  for (; at > 0 && precedes(&risen, &timers[(at - 1) / 2]); at = (at - 1) / 2)
    put(timers, at, timers[(at - 1) / 2]);
  put(timers, at, risen);
}

static void sink(bs_timer *timers, size_t at, size_t count) {
  bs_timer sunk = timers[at];
  for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
    if (child + 1 < count && precedes(&timers[child + 1], &timers[child])) child++;
    if (!precedes(&timers[child], &sunk)) break;
    put(timers, at, timers[child]);
    at = child;
  }
  put(timers, at, sunk);
}

void bs_timers_set(bs_loop *loop, bs_task *task, uint64_t deadline) {
  bs_timer *timers = timers_of(loop);
  timers[loop->timer_count] = (bs_timer){deadline, loop->timers_set++, task};
  rise(timers, loop->timer_count++);
}

void bs_timers_clear(bs_loop *loop, bs_task *task) {
  if (task->timer == 0) return;
  bs_timer *timers = timers_of(loop);
  size_t at = task->timer - 1;
  task->timer = 0;
  loop->timer_count--;
  if (at == loop->timer_count) return;
  put(timers, at, timers[loop->timer_count]);
  rise(timers, at);
  sink(timers, at, loop->timer_count);
}

uint64_t bs_timers_next(const bs_loop *loop) {
  return loop->timer_count == 0 ? BS_NEVER : timers_of(loop)[0].deadline;
}

void bs_timers_expire(bs_heap *heap, bs_loop *loop) {
  while (loop->timer_count > 0 && timers_of(loop)[0].deadline <= loop->now) {
    bs_task *task = timers_of(loop)[0].task;
    if (task->sleeps)
      bs_task_wake(heap, task, 0, BS_SIGNAL_VALUE, BS_NULL);
    else
      bs_task_wake(heap, task, task->cases, BS_SIGNAL_ERROR, bs_error_of(BS_TIMEOUT));
  }
}
