// Frames: what a function that can stop half-way keeps between two of its parts. A frame is a cell
// with the function's locals and the place where it goes on; no stack is kept, so generators,
// coroutines and tasks are the same on every machine, WebAssembly included.
//
// A function is compiled to one bs_resume. It is called with the value (or the error) that it goes
// on with, works until it has to stop, notes in `at` and in its slots where it is, and returns why
// it stopped. Errors are values too: those of the runtime are small integers of bs_status.
#pragma once

#include <basalt/atom.h>

/** The kinds of cells that frames, tasks (task.h), channels (channel.h) and loops (loop.h) add. */
enum {
  BS_KIND_FRAME = BS_KIND_ATOM_COUNT,
  BS_KIND_TASK,
  BS_KIND_WAITER,
  BS_KIND_CHANNEL,
  BS_KIND_LOOP,
  BS_KIND_LOOP_MEMORY,
  BS_KIND_TASK_COUNT,
};

/** Fills the table of kinds of a heap that has values, atoms, processes, frames and tasks. */
void bs_task_kinds(bs_kind kinds[BS_KIND_TASK_COUNT]);

/** Why a frame stopped. */
typedef enum bs_step {
  /** It is through; the value is its result. */
  BS_STEP_RETURN,
  /** It failed; the value is the error. */
  BS_STEP_RAISE,
  /** It hands a value to who resumed it, and can go on. */
  BS_STEP_YIELD,
  /** Another frame has to run first (bs_call). */
  BS_STEP_CALL,
  /** It waits (task.h). */
  BS_STEP_WAIT,
  /** All tasks that are ready run first. */
  BS_STEP_PAUSE,
} bs_step;

/** What a frame goes on with. */
typedef enum bs_signal {
  /** A value: what was sent to a generator, what a frame that it called returned, or what it waited
   * for. */
  BS_SIGNAL_VALUE,
  /** A value that a frame which it called yielded. */
  BS_SIGNAL_YIELD,
  /** An error, raised where it stopped. */
  BS_SIGNAL_ERROR,
} bs_signal;

/** One call of a bs_resume. */
typedef struct bs_run {
  bs_heap *heap;
  /** The task that runs, borrowed; BS_NONE in a generator that no task drives. */
  bs_value task;
  bs_signal signal;
  /** In: which case of a wait came about (bs_wait). */
  uint32_t which;
  /** What it goes on with, borrowed for the length of the call; bs_run_take makes it the frame's.
   */
  bs_value in;
  /** The result, the error or the yielded value, moved to who drives the frame. */
  bs_value out;
  /** The callee of bs_call, and whether a wait was over at once; for who drives the frame. */
  bs_value callee;
  bool over;
} bs_run;

/** Moves what a frame goes on with to the frame. */
static inline bs_value bs_run_take(bs_run *run) {
  bs_value taken = run->in;
  run->in = BS_NONE;
  return taken;
}

typedef struct bs_frame bs_frame;
typedef bs_step (*bs_resume)(bs_run *run, bs_frame *frame);

/** A frame. A resume function reads `at`, `count` and `slots`, writes `at`, and writes slots with
 * bs_frame_set; all else is the driver's. */
struct bs_frame {
  bs_cell cell;
  bs_resume resume;
  /** Where it goes on; 0 before it began. */
  uint32_t at;
  uint32_t count;
  uint32_t state;
  bs_value caller;
  bs_value slots[];
};

/** The most slots of a frame. */
#define BS_FRAME_MAX_SLOTS ((uint32_t)1 << 20)

/** A frame that begins when it is resumed first. Its slots are BS_NONE and may be filled by plain
 * stores until it is handed out. BS_RANGE beyond BS_FRAME_MAX_SLOTS. */
bs_status bs_frame_new(bs_heap *heap, bs_resume resume, uint32_t slots, bs_value *out);

/** The frame that a value is. */
static inline bs_frame *bs_frame_of(bs_value frame) {
  return (bs_frame *)bs_cell_of(frame);
}

/** Moves a value into a slot of a frame. */
static inline void bs_frame_set(bs_run *run, bs_frame *frame, uint32_t slot, bs_value value) {
  bs_store(run->heap, &frame->cell, &frame->slots[slot], value);
}

/** Whether a frame returned or raised; it then holds nothing any more. */
bool bs_frame_ended(bs_value frame);

/** To be returned by a resume function: resumes another frame with a signal and a value and goes on
 * with what that frame returns, raises or yields. Goes on with the error BS_INVALID for what is no
 * frame, BS_BUSY for a frame that runs or waits, BS_CLOSED for one that has ended. Takes references
 * of its own. Calls may be nested as deep as there is memory: no stack grows. */
bs_step bs_call(bs_run *run, bs_value callee, bs_signal signal, bs_value value);

/** Resumes a frame outside of any task until it yields, returns or raises, which `step` says; `out`
 * is the caller's. A frame that waits goes on with the error BS_UNSUPPORTED, one that pauses goes
 * on. BS_INVALID, BS_BUSY and BS_CLOSED as in bs_call. */
bs_status bs_frame_resume(bs_heap *heap, bs_value frame, bs_signal signal, bs_value in,
                          bs_step *step, bs_value *out);

/** The error that stands for a status of the runtime. */
static inline bs_value bs_error_of(bs_status status) {
  return bs_from_small(status);
}
