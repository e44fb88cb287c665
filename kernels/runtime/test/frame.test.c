// Frames driven without tasks: generators, calls as deep as memory allows, and what is refused.
#include <basalt/frame.h>
#include <basalt/task.h>

#include "task-play.h"

static bs_value number(int64_t n) {
  return bs_from_small(n);
}

static bs_value frame_of(bs_heap *heap, bs_resume resume, uint32_t slots) {
  bs_value frame;
  if (bs_frame_new(heap, resume, slots, &frame) != BS_OK) abort();
  return frame;
}

/** Resumes a frame; what it gave must be this step with this small value. */
static bool gives(bs_heap *heap, bs_value frame, bs_signal signal, bs_value in, bs_step step,
                  bs_value expected) {
  bs_step stopped;
  bs_value out;
  tap_need(bs_frame_resume(heap, frame, signal, in, &stopped, &out) == BS_OK);
  bool same = stopped == step && out == expected;
  if (!same) printf("# step %d, value %llx\n", stopped, (unsigned long long)out);
  bs_release(heap, out);
  return same;
}

/** Yields the sums of what it is sent; ends with the last sum when it is sent null, and fails with
 * an error that is raised in it plus 1000. */
static bs_step sums(bs_run *run, bs_frame *frame) {
  if (run->signal == BS_SIGNAL_ERROR) {
    run->out = number(bs_to_small(run->in) + 1000);
    return BS_STEP_RAISE;
  }
  int64_t sum = frame->at++ == 0 ? 0 : bs_to_small(frame->slots[0]);
  if (run->in == BS_NULL) {
    run->out = number(sum);
    return BS_STEP_RETURN;
  }
  bs_frame_set(run, frame, 0, number(sum + bs_to_small(run->in)));
  run->out = frame->slots[0];
  return BS_STEP_YIELD;
}

static bool generates(void) {
  bs_heap *heap = task_heap(256 << 10, 0);
  bs_value frame = frame_of(heap, sums, 1);
  tap_need(gives(heap, frame, BS_SIGNAL_VALUE, number(3), BS_STEP_YIELD, number(3)));
  tap_need(gives(heap, frame, BS_SIGNAL_VALUE, number(4), BS_STEP_YIELD, number(7)));
  tap_need(!bs_frame_ended(frame));
  tap_need(gives(heap, frame, BS_SIGNAL_VALUE, BS_NULL, BS_STEP_RETURN, number(7)));
  bs_step step;
  bs_value out;
  tap_need(bs_frame_ended(frame));
  tap_need(bs_frame_resume(heap, frame, BS_SIGNAL_VALUE, BS_NULL, &step, &out) == BS_CLOSED);
  bs_release(heap, frame);
  frame = frame_of(heap, sums, 1);
  tap_need(gives(heap, frame, BS_SIGNAL_VALUE, number(1), BS_STEP_YIELD, number(1)));
  tap_need(gives(heap, frame, BS_SIGNAL_ERROR, number(5), BS_STEP_RAISE, number(1005)));
  tap_need(bs_frame_ended(frame));
  bs_release(heap, frame);
  tap_need(bs_frame_resume(heap, number(1), BS_SIGNAL_VALUE, BS_NULL, &step, &out) == BS_INVALID);
  tap_need(bs_frame_new(heap, sums, BS_FRAME_MAX_SLOTS + 1, &out) == BS_RANGE);
  return heap_ends_empty(heap);
}

/** Hands on all that the generator in its slot yields, and its end. */
static bs_step hands_on(bs_run *run, bs_frame *frame) {
  if (frame->at == 1 && run->signal != BS_SIGNAL_YIELD) {
    run->out = bs_run_take(run);
    return run->signal == BS_SIGNAL_ERROR ? BS_STEP_RAISE : BS_STEP_RETURN;
  }
  if (frame->at == 1) {
    frame->at = 2;
    run->out = bs_run_take(run);
    return BS_STEP_YIELD;
  }
  frame->at = 1;
  return bs_call(run, frame->slots[0], run->signal, run->in);
}

static bool hands_on_what_another_yields(void) {
  bs_heap *heap = task_heap(256 << 10, 0);
  bs_value outer = BS_NONE;
  for (int end = 0; end < 2; end++) {
    outer = frame_of(heap, sums, 1);
    for (int i = 0; i < 20; i++) {
      bs_value inner = outer;
      outer = frame_of(heap, hands_on, 1);
      bs_frame_of(outer)->slots[0] = inner;
    }
    tap_need(gives(heap, outer, BS_SIGNAL_VALUE, number(1), BS_STEP_YIELD, number(1)));
    tap_need(heap_is_whole(heap));
    tap_need(gives(heap, outer, BS_SIGNAL_VALUE, number(2), BS_STEP_YIELD, number(3)));
    if (end == 0)
      tap_need(gives(heap, outer, BS_SIGNAL_VALUE, BS_NULL, BS_STEP_RETURN, number(3)));
    else
      tap_need(gives(heap, outer, BS_SIGNAL_ERROR, number(7), BS_STEP_RAISE, number(1007)));
    bs_release(heap, outer);
  }
  return heap_ends_empty(heap);
}

/** Calls itself as often as the number that it is sent, and returns how often. */
static bs_step deep(bs_run *run, bs_frame *frame) {
  if (frame->at++ == 1) {
    run->out = number(bs_to_small(run->in) + 1);
    return BS_STEP_RETURN;
  }
  bs_value callee;
  int64_t left = bs_to_small(run->in);
  if (left == 0 || bs_frame_new(run->heap, deep, 0, &callee) != BS_OK) {
    run->out = number(0);
    return BS_STEP_RETURN;
  }
  bs_step step = bs_call(run, callee, BS_SIGNAL_VALUE, number(left - 1));
  bs_release(run->heap, callee);
  return step;
}

static bool calls_deeply(void) {
  enum { DEPTH = 100000 };
  bs_heap *heap = task_heap(16 << 20, 0);
  bs_value frame = frame_of(heap, deep, 0);
  tap_need(gives(heap, frame, BS_SIGNAL_VALUE, number(DEPTH), BS_STEP_RETURN, number(DEPTH)));
  bs_release(heap, frame);
  return heap_ends_empty(heap);
}

/** Calls what is in its slot and returns the error that it gets, as a number. */
static bs_step tries(bs_run *run, bs_frame *frame) {
  if (frame->at++ == 0) return bs_call(run, frame->slots[0], BS_SIGNAL_VALUE, BS_NULL);
  run->out = number(run->signal == BS_SIGNAL_ERROR ? bs_to_small(run->in) : -1);
  return BS_STEP_RETURN;
}

static bs_step waits(bs_run *run, bs_frame *frame) {
  if (frame->at++ == 0) return BS_STEP_PAUSE;
  if (frame->at == 2) return bs_wait_for(run, 10);
  run->out = number(run->signal == BS_SIGNAL_ERROR ? bs_to_small(run->in) : -1);
  return BS_STEP_RETURN;
}

static bool refuses(void) {
  bs_heap *heap = task_heap(256 << 10, 0);
  bs_value ended = frame_of(heap, sums, 1);
  tap_need(gives(heap, ended, BS_SIGNAL_VALUE, BS_NULL, BS_STEP_RETURN, number(0)));
  bs_value own = frame_of(heap, tries, 1);
  bs_frame_of(own)->slots[0] = bs_retain(own);
  const bs_value callees[] = {ended, number(4)};
  const bs_status errors[] = {BS_CLOSED, BS_INVALID};
  for (size_t i = 0; i < 2; i++) {
    bs_value frame = frame_of(heap, tries, 1);
    bs_frame_of(frame)->slots[0] = bs_retain(callees[i]);
    tap_need(gives(heap, frame, BS_SIGNAL_VALUE, BS_NULL, BS_STEP_RETURN, number(errors[i])));
    bs_release(heap, frame);
  }
  tap_need(gives(heap, own, BS_SIGNAL_VALUE, BS_NULL, BS_STEP_RETURN, number(BS_BUSY)));
  bs_value waiting = frame_of(heap, waits, 0);
  bs_value unsupported = number(BS_UNSUPPORTED);
  tap_need(gives(heap, waiting, BS_SIGNAL_VALUE, BS_NULL, BS_STEP_RETURN, unsupported));
  bs_value owned[] = {ended, own, waiting};
  for (size_t i = 0; i < 3; i++)
    bs_release(heap, owned[i]);
  return heap_ends_empty(heap);
}

int main(void) {
  tap_ok(generates(), "a generator is sent values and errors until it ends");
  tap_ok(hands_on_what_another_yields(), "frames hand on what others yield");
  tap_ok(calls_deeply(), "calls are as deep as there is memory");
  tap_ok(refuses(), "frames that cannot be resumed, and waits without a task, are errors");
  return tap_done();
}
