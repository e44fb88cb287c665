// Loops: they run tasks in turns, each turn those that were ready at its start, first in first out.
// All that comes from outside comes through two functions of the host, a clock and `io_poll`, so a
// loop does the same again where these say the same.
#pragma once

#include <basalt/task.h>

/** Events of a handle, as in the kernel's ABI. */
enum {
  BS_IO_READABLE = 1,
  BS_IO_WRITABLE = 2,
  BS_IO_HANGUP = 4,
  BS_IO_ERROR = 8,
};

/** A handle of the host: in, the events that are waited for; out, those that are there. The layout
 * is that of the kernel's ABI. */
typedef struct bs_io_event {
  uint64_t handle;
  uint32_t events;
  uint32_t reserved;
} bs_io_event;

/** How a loop is set up; all zero is a loop of its own with a virtual clock. */
typedef struct bs_loop_options {
  void *context;
  /** The time in nanoseconds, which never goes back. NULL for a virtual clock: it begins at 0 and
   * stands still while a task is ready; then it is at once as late as the next deadline. */
  uint64_t (*now)(void *context);
  /** Waits until one of the handles has one of its events, and at most `timeout` nanoseconds, or
   * BS_NEVER. BS_OK with `events` set for all handles (0 for none), BS_TIMEOUT, or BS_WOULD_BLOCK
   * for a timeout of 0; any other status ends the turn of the loop. `count` may be 0: it then
   * sleeps. Needed with a clock of the host, and for BS_CASE_IO. */
  bs_status (*io_poll)(void *context, bs_io_event *handles, size_t count, uint64_t timeout);
  /** Not 0: takes the tasks of a turn in an order that this seed makes up, the same each time, to
   * find tasks that rely on an order. */
  uint64_t shuffle;
} bs_loop_options;

/** A loop without tasks. BS_INVALID for a clock of the host without io_poll. */
bs_status bs_loop_new(bs_heap *heap, const bs_loop_options *options, bs_value *out);

/** A task that runs a frame from the next turn on; `task` may be NULL. BS_INVALID for what is no
 * frame, or one that has begun or is called already. */
bs_status bs_loop_spawn(bs_heap *heap, bs_value loop, bs_value frame, bs_value *task);

/** One turn: looks at the clock and at handles, waiting where no task is ready and `wait` allows
 * it, and runs the tasks that are ready. BS_OK where that was something, BS_NOENT where there is no
 * task left, BS_WOULD_BLOCK where nothing could happen now, and without `wait` or a deadline or a
 * handle it never will: the tasks that are left wait for each other. What io_poll failed with. */
bs_status bs_loop_turn(bs_heap *heap, bs_value loop, bool wait);

/** Turns until a task has ended, or with BS_NONE until all have. Fails as bs_loop_turn does:
 * BS_WOULD_BLOCK is a deadlock. */
bs_status bs_loop_run(bs_heap *heap, bs_value loop, bs_value until);

/** Cancels all tasks in the order in which they were made. */
void bs_loop_cancel(bs_heap *heap, bs_value loop);

/** Tasks that have not ended. */
size_t bs_loop_count(bs_value loop);

/** The time of the current turn. */
uint64_t bs_loop_now(bs_value loop);

/** The loop of a task, borrowed. */
bs_value bs_task_loop(bs_value task);
