// Tasks: frames that a loop runs in turns. A task runs until its frame waits or pauses; no other
// task of the loop runs in between. Its loop keeps it until it has ended.
//
// Cancelling a task raises BS_CANCELLED where it waits. What a wait has already got is never lost:
// the task goes on with it, and the cancellation is raised at its next wait.
#pragma once

#include <basalt/channel.h>

/** A time that never comes. Times count nanoseconds on the clock of the loop. */
#define BS_NEVER UINT64_MAX

typedef enum bs_case_kind {
  /** Receives from the channel `source`. */
  BS_CASE_RECEIVE,
  /** Sends `value` to the channel `source`; the value of the case is null. */
  BS_CASE_SEND,
  /** The end of the task `source`; the value of the case is its result. */
  BS_CASE_JOIN,
  /** One of `events`, an error or the other end's going, at the `handle` of the host; the value of
   * the case is the events as a small integer. */
  BS_CASE_IO,
} bs_case_kind;

/** One of the things that a task waits for. Values are borrowed. */
typedef struct bs_case {
  bs_case_kind kind;
  uint32_t events;
  bs_value source;
  bs_value value;
  uint64_t handle;
} bs_case;

/** The most cases of one wait. */
#define BS_MAX_CASES 64

/** To be returned by a resume function: waits until the first of the cases comes about, and goes on
 * with its value and with its index in `which`. Where several can at once it is the first of them.
 * The case fails with its error: BS_CLOSED of a channel, that of a task that is joined.
 *
 * At `deadline` the wait ends with the error BS_TIMEOUT, and `which` is `count`; the same index
 * comes with BS_CANCELLED, with BS_NOMEM, with BS_INVALID for a case that is not possible, and with
 * BS_UNSUPPORTED outside of a task or for BS_CASE_IO in a loop without io_poll. */
bs_step bs_wait(bs_run *run, const bs_case *cases, uint32_t count, uint64_t deadline);

/** bs_wait for a value of a channel. */
bs_step bs_wait_receive(bs_run *run, bs_value channel);

/** bs_wait for room in a channel, or for who receives. */
bs_step bs_wait_send(bs_run *run, bs_value channel, bs_value value);

/** bs_wait for the result of a task. */
bs_step bs_wait_task(bs_run *run, bs_value task);

/** Waits for a time and goes on with null. */
bs_step bs_wait_until(bs_run *run, uint64_t time);

/** Waits for so many nanoseconds and goes on with null. */
bs_step bs_wait_for(bs_run *run, uint64_t duration);

/** Cancels a task: raises BS_CANCELLED where it waits, or at its next wait or pause. The task may
 * catch it and go on. BS_CLOSED where it has ended. */
bs_status bs_task_cancel(bs_heap *heap, bs_value task);

/** Whether the task has ended. */
bool bs_task_ended(bs_value task);

/** How a task ended: with a result (BS_SIGNAL_VALUE) or an error, borrowed from the task.
 * BS_WOULD_BLOCK while it has not. */
bs_status bs_task_result(bs_value task, bs_signal *signal, bs_value *value);
