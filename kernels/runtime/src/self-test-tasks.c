// The parts of the self-test about generators and tasks.
#include <basalt/tuple.h>

#include "self-test-parts.h"

/** Yields the numbers of a Collatz sequence, and returns how many there were. */
static bs_step collatz(bs_run *run, bs_frame *frame) {
  int64_t number = frame->at == 0 ? bs_to_small(run->in) : bs_to_small(frame->slots[0]);
  if (number == 1) {
    run->out = bs_from_small(frame->at);
    return BS_STEP_RETURN;
  }
  frame->at++;
  bs_frame_set(run, frame, 0, bs_from_small(number % 2 == 0 ? number / 2 : 3 * number + 1));
  run->out = frame->slots[0];
  return BS_STEP_YIELD;
}

void bs_selftest_generators(bs_selftest_run *run) {
  for (int64_t start = 1; start < 60; start++) {
    bs_value frame;
    bs_value out;
    bs_step step = BS_STEP_YIELD;
    BS_DEMAND(run, bs_frame_new(run->heap, collatz, 1, &frame) == BS_OK);
    while (step == BS_STEP_YIELD) {
      bs_value in = bs_from_small(start);
      bs_status status = bs_frame_resume(run->heap, frame, BS_SIGNAL_VALUE, in, &step, &out);
      BS_DEMAND(run, status == BS_OK);
      bs_selftest_value(run, out);
    }
    BS_DEMAND(run, step == BS_STEP_RETURN && bs_frame_ended(frame));
    bs_release(run->heap, frame);
  }
}

/** Sends the numbers below `slots[1]` that `slots[2]` divides into the channel of `slots[0]`,
 * sleeping in between, and closes it. */
static bs_step produce(bs_run *run, bs_frame *frame) {
  int64_t next = (int64_t)frame->at / 2;
  if (run->signal == BS_SIGNAL_ERROR ||
      next * bs_to_small(frame->slots[2]) >= bs_to_small(frame->slots[1])) {
    (void)bs_channel_close(run->heap, frame->slots[0]);
    run->out = bs_run_take(run);
    return run->signal == BS_SIGNAL_ERROR ? BS_STEP_RAISE : BS_STEP_RETURN;
  }
  if (frame->at++ % 2 == 0) return bs_wait_for(run, (uint64_t)bs_to_small(frame->slots[2]));
  return bs_wait_send(run, frame->slots[0], bs_from_small(next * bs_to_small(frame->slots[2])));
}

enum { FIRST, SECOND, RESULT, OPEN, CONSUMER_SLOTS };

/** Receives from two channels until both are closed; ends with all that came, as nested tuples of
 * the time, the channel and the value. */
static bs_step consume(bs_run *run, bs_frame *frame) {
  if (frame->at++ > 0) {
    if (run->in == bs_error_of(BS_CLOSED) && run->signal == BS_SIGNAL_ERROR) {
      uint32_t closed = frame->slots[FIRST] == BS_NULL ? SECOND : run->which;
      bs_frame_set(run, frame, closed, BS_NULL);
    } else {
      int64_t now = (int64_t)bs_loop_now(bs_task_loop(run->task));
      const bs_value items[] = {bs_from_small(now), bs_from_small(run->which), run->in,
                                frame->slots[RESULT]};
      bs_value longer;
      if (run->signal == BS_SIGNAL_ERROR || bs_tuple_new(run->heap, items, 4, &longer) != BS_OK) {
        run->out = bs_run_take(run);
        return BS_STEP_RAISE;
      }
      bs_frame_set(run, frame, RESULT, longer);
    }
  }
  bs_case cases[2];
  uint32_t count = 0;
  for (uint32_t i = FIRST; i <= SECOND; i++) {
    if (frame->slots[i] != BS_NULL)
      cases[count++] = (bs_case){.kind = BS_CASE_RECEIVE, .source = frame->slots[i]};
  }
  if (count > 0) return bs_wait(run, cases, count, BS_NEVER);
  run->out = bs_retain(frame->slots[RESULT]);
  return BS_STEP_RETURN;
}

static bs_value spawn(bs_selftest_run *run, bs_value loop, bs_resume resume,
                      const bs_value *slots) {
  bs_value frame;
  bs_value task;
  if (bs_frame_new(run->heap, resume, CONSUMER_SLOTS, &frame) != BS_OK) return BS_NONE;
  for (int i = 0; i < CONSUMER_SLOTS; i++)
    bs_frame_of(frame)->slots[i] = bs_retain(slots[i]);
  bs_status status = bs_loop_spawn(run->heap, loop, frame, &task);
  bs_release(run->heap, frame);
  return status == BS_OK ? task : BS_NONE;
}

/** Two producers and a consumer that selects; with `cancel` one producer is cancelled half-way. */
static void pipeline(bs_selftest_run *run, size_t capacity, uint64_t shuffle, bool cancel) {
  bs_loop_options options = {.shuffle = shuffle};
  bs_signal signal;
  bs_value loop;
  bs_value channels[2];
  bs_value result;
  BS_DEMAND(run, bs_loop_new(run->heap, &options, &loop) == BS_OK);
  for (int i = 0; i < 2; i++)
    BS_DEMAND(run, bs_channel_new(run->heap, capacity, &channels[i]) == BS_OK);
  bs_value limit = bs_from_small(90);
  const bs_value threes[] = {channels[0], limit, bs_from_small(3), BS_NULL};
  const bs_value fives[] = {channels[1], limit, bs_from_small(5), BS_NULL};
  const bs_value consumer[] = {channels[0], channels[1], BS_NULL, BS_NULL};
  bs_value tasks[] = {spawn(run, loop, produce, threes), spawn(run, loop, produce, fives),
                      spawn(run, loop, consume, consumer)};
  BS_DEMAND(run, tasks[0] != BS_NONE && tasks[1] != BS_NONE && tasks[2] != BS_NONE);
  for (int turn = 0; cancel && turn < 40; turn++)
    BS_DEMAND(run, bs_loop_turn(run->heap, loop, true) == BS_OK);
  if (cancel) BS_DEMAND(run, bs_task_cancel(run->heap, tasks[0]) == BS_OK);
  BS_DEMAND(run, bs_loop_run(run->heap, loop, BS_NONE) == BS_OK);
  for (int i = 0; i < 3; i++) {
    BS_DEMAND(run, bs_task_result(tasks[i], &signal, &result) == BS_OK);
    bs_selftest_number(run, signal);
    bs_selftest_value(run, result);
    bs_release(run->heap, tasks[i]);
  }
  bs_selftest_number(run, bs_loop_now(loop));
  bs_release(run->heap, loop);
  bs_release(run->heap, channels[0]);
  bs_release(run->heap, channels[1]);
}

void bs_selftest_tasks(bs_selftest_run *run) {
  for (size_t capacity = 0; capacity < 3; capacity++) {
    pipeline(run, capacity, 0, false);
    pipeline(run, capacity, 0, true);
    pipeline(run, capacity, capacity + 1, false);
    if (run->failed != NULL) return;
  }
}
