// Frames, and the driver that runs a chain of them: the innermost runs, each of the others waits
// for the one that it called.
#include "task-cells.h"

bs_status bs_frame_new(bs_heap *heap, bs_resume resume, uint32_t slots, bs_value *out) {
  if (slots > BS_FRAME_MAX_SLOTS) return BS_RANGE;
  bs_frame *frame = bs_alloc(heap, BS_KIND_FRAME, sizeof *frame + slots * sizeof(bs_value));
  if (frame == NULL) return BS_NOMEM;
  frame->resume = resume;
  frame->count = slots;
  *out = bs_from_cell(frame);
  return BS_OK;
}

bool bs_frame_ended(bs_value frame) {
  return bs_frame_of(frame)->state == BS_FRAME_ENDED;
}

bs_step bs_call(bs_run *run, bs_value callee, bs_signal signal, bs_value value) {
  run->callee = bs_retain(callee);
  run->out = bs_retain(value);
  run->signal = signal;
  return BS_STEP_CALL;
}

/** Whether a frame can be resumed now. */
static bs_status may_resume(bs_value frame) {
  if (!bs_is_kind(frame, BS_KIND_FRAME)) return BS_INVALID;
  uint32_t state = bs_frame_of(frame)->state;
  if (state == BS_FRAME_BUSY) return BS_BUSY;
  return state == BS_FRAME_ENDED ? BS_CLOSED : BS_OK;
}

/** Moves a frame to the top of a chain and returns what was there. Without a holder the top is on
 * the stack of who drives it. */
static bs_value exchange_top(bs_run *run, bs_cell *holder, bs_value *top, bs_value frame) {
  if (holder != NULL) return bs_exchange(run->heap, holder, top, frame);
  bs_value old = *top;
  *top = frame;
  return old;
}

/** Puts the callee on top, or an error in its place. */
static void call(bs_run *run, bs_cell *holder, bs_value *top) {
  bs_value callee = run->callee;
  bs_status status = may_resume(callee);
  run->callee = BS_NONE;
  if (status != BS_OK) {
    bs_release(run->heap, callee);
    bs_release(run->heap, run->in);
    run->signal = BS_SIGNAL_ERROR;
    run->in = bs_error_of(status);
    return;
  }
  bs_frame *frame = bs_frame_of(callee);
  frame->state = BS_FRAME_BUSY;
  bs_store(run->heap, &frame->cell, &frame->caller, exchange_top(run, holder, top, callee));
}

static bs_signal signal_after(bs_step step) {
  if (step == BS_STEP_YIELD) return BS_SIGNAL_YIELD;
  return step == BS_STEP_RAISE ? BS_SIGNAL_ERROR : BS_SIGNAL_VALUE;
}

/** Takes the top frame, which yielded or ended, off its chain; whether a caller is left. */
static bool leave(bs_run *run, bs_cell *holder, bs_value *top, bs_step step) {
  bs_frame *frame = bs_frame_of(*top);
  frame->state = step == BS_STEP_YIELD ? BS_FRAME_SUSPENDED : BS_FRAME_ENDED;
  for (uint32_t i = 0; step != BS_STEP_YIELD && i < frame->count; i++)
    bs_store(run->heap, &frame->cell, &frame->slots[i], BS_NONE);
  bs_value caller = bs_exchange(run->heap, &frame->cell, &frame->caller, BS_NONE);
  bs_release(run->heap, exchange_top(run, holder, top, caller));
  run->signal = signal_after(step);
  return caller != BS_NONE;
}

bs_step bs_frames_run(bs_run *run, bs_cell *holder, bs_value *top) {
  for (;;) {
    bs_frame *frame = bs_frame_of(*top);
    run->over = false;
    bs_step step = frame->resume(run, frame);
    bs_release(run->heap, run->in);
    run->in = run->out;
    run->out = BS_NONE;
    bool is_outermost = frame->caller == BS_NONE;
    if (step == BS_STEP_CALL)
      call(run, holder, top);
    else if (step == BS_STEP_PAUSE || (step == BS_STEP_WAIT && !run->over))
      return step;
    else if (step == BS_STEP_YIELD && is_outermost && run->task != BS_NONE)
      return BS_STEP_PAUSE;
    else if (step != BS_STEP_WAIT && !leave(run, holder, top, step))
      return step;
  }
}

bs_status bs_frame_resume(bs_heap *heap, bs_value frame, bs_signal signal, bs_value in,
                          bs_step *step, bs_value *out) {
  bs_status status = may_resume(frame);
  if (status != BS_OK) return status;
  bs_run run = {.heap = heap, .signal = signal, .in = bs_retain(in)};
  bs_value top = bs_retain(frame);
  bs_frame_of(frame)->state = BS_FRAME_BUSY;
  while ((*step = bs_frames_run(&run, NULL, &top)) == BS_STEP_PAUSE) {
    bs_release(heap, run.in);
    run.signal = BS_SIGNAL_VALUE;
    run.in = BS_NULL;
  }
  *out = run.in;
  return BS_OK;
}
