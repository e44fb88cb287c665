// Plays a script on the runtime.
#pragma once

#include <basalt/number.h>

#include "task-script.h"

typedef struct script_play {
  const script *script;
  script_log *log;
  bs_heap *heap;
  bs_value loop;
  bs_value channels[SCRIPT_CHANNELS];
  bs_value tasks[SCRIPT_TASKS];
  /** How often each number was sent with success, and received. */
  uint8_t sent[SCRIPT_TASKS * SCRIPT_OPS * 4 + 8];
  uint8_t received[SCRIPT_TASKS * SCRIPT_OPS * 4 + 8];
} script_play;

/** Frames cannot hold addresses of the test: there is one play at a time. */
static script_play *playing;

static inline bs_heap *task_heap(size_t bytes, uint64_t fail_allocation) {
  static bs_kind kinds[BS_KIND_TASK_COUNT];
  bs_task_kinds(kinds);
  bs_heap_options options = {
      .kinds = kinds,
      .kind_count = BS_KIND_TASK_COUNT,
      .fail_allocation = fail_allocation,
  };
  bs_heap *heap;
  if (bs_heap_init(aligned_alloc(16, bytes), bytes, &options, &heap) != BS_OK) abort();
  return heap;
}

/** A number as a value: every other one in a cell, so that references are told from words. */
static inline bs_value play_value(bs_heap *heap, int64_t number) {
  bs_value boxed;
  if (number % 2 == 0) return bs_from_small(number);
  return bs_float_new(heap, (double)number, &boxed) == BS_OK ? boxed : bs_from_small(number);
}

static inline int64_t play_number(bs_signal signal, bs_value value) {
  if (signal == BS_SIGNAL_ERROR) return script_status((bs_status)bs_to_small(value));
  if (bs_is_kind(value, BS_KIND_FLOAT)) return (int64_t)bs_float_get(value);
  return value == BS_NULL ? -1 : bs_to_small(value);
}

static inline void play_note(bs_value who, uint32_t op, uint32_t which, bs_signal signal,
                             int64_t value) {
  script_entry entry = {.now = bs_loop_now(playing->loop),
                        .task = (uint8_t)bs_to_small(who),
                        .op = (uint8_t)op,
                        .which = which,
                        .signal = signal,
                        .value = value};
  script_note(playing->log, entry);
}

static inline const script_task *play_script(bs_value who) {
  return &playing->script->tasks[bs_to_small(who)];
}

/** Counts what was sent or received by the case that came about. */
static inline void play_count(const script_op *op, uint32_t which, bs_signal signal, int64_t got) {
  if (op->kind != SCRIPT_WAIT || which >= op->case_count || signal != BS_SIGNAL_VALUE) return;
  if (op->cases[which].kind == BS_CASE_SEND) playing->sent[op->cases[which].value]++;
  if (op->cases[which].kind == BS_CASE_RECEIVE) playing->received[got]++;
}

static inline bs_step play_wait(bs_run *run, const script_op *op) {
  bs_case cases[SCRIPT_CASES];
  uint64_t deadline = op->time == BS_NEVER ? BS_NEVER : bs_loop_now(playing->loop) + op->time;
  if (op->kind == SCRIPT_PAUSE) return BS_STEP_PAUSE;
  if (op->kind == SCRIPT_SLEEP) return bs_wait_for(run, op->time);
  for (uint8_t i = 0; i < op->case_count; i++) {
    const script_case *each = &op->cases[i];
    cases[i] = (bs_case){.kind = each->kind};
    cases[i].source =
        each->kind == BS_CASE_JOIN ? playing->tasks[each->source] : playing->channels[each->source];
    if (each->kind == BS_CASE_SEND) cases[i].value = play_value(run->heap, each->value);
  }
  bs_step step = bs_wait(run, cases, op->case_count, deadline);
  for (uint8_t i = 0; i < op->case_count; i++)
    bs_release(run->heap, cases[i].value);
  return step;
}

enum { RELAY_TASK, RELAY_OP, RELAY_DEPTH, RELAY_SLOTS };

static inline bs_step play_relayed(bs_run *run, bs_value who, uint32_t op, uint32_t depth);

/** A frame that waits in the name of the one that called it. */
static inline bs_step relay(bs_run *run, bs_frame *frame) {
  if (frame->at++ == 0) {
    return play_relayed(run, frame->slots[RELAY_TASK],
                        (uint32_t)bs_to_small(frame->slots[RELAY_OP]),
                        (uint32_t)bs_to_small(frame->slots[RELAY_DEPTH]));
  }
  run->out = bs_run_take(run);
  return run->signal == BS_SIGNAL_ERROR ? BS_STEP_RAISE : BS_STEP_RETURN;
}

static inline bs_step play_relayed(bs_run *run, bs_value who, uint32_t op, uint32_t depth) {
  bs_value callee;
  const script_op *next = &play_script(who)->ops[op];
  if (depth == 0 || bs_frame_new(run->heap, relay, RELAY_SLOTS, &callee) != BS_OK)
    return play_wait(run, next);
  bs_frame *frame = bs_frame_of(callee);
  frame->slots[RELAY_TASK] = who;
  frame->slots[RELAY_OP] = bs_from_small(op);
  frame->slots[RELAY_DEPTH] = bs_from_small(depth - 1);
  bs_step step = bs_call(run, callee, BS_SIGNAL_VALUE, BS_NULL);
  bs_release(run->heap, callee);
  return step;
}

/** Ops that never wait. */
static inline void play_at_once(bs_run *run, bs_value who, uint32_t at) {
  const script_op *op = &play_script(who)->ops[at];
  bs_value channel = playing->channels[op->target % SCRIPT_CHANNELS];
  bs_value value = BS_NONE;
  bs_status status;
  int64_t got = 0;
  if (op->kind == SCRIPT_TRY_SEND) {
    value = play_value(run->heap, op->value);
    status = bs_channel_send(run->heap, channel, value);
    if (status == BS_OK) playing->sent[op->value]++;
  } else if (op->kind == SCRIPT_TRY_RECEIVE) {
    status = bs_channel_receive(run->heap, channel, &value);
    if (status == BS_OK) playing->received[got = play_number(BS_SIGNAL_VALUE, value)]++;
  } else if (op->kind == SCRIPT_CLOSE) {
    status = bs_channel_close(run->heap, channel);
  } else {
    status = bs_task_cancel(run->heap, playing->tasks[op->target]);
  }
  bs_release(run->heap, value);
  play_note(who, at, 0, BS_SIGNAL_VALUE, status == BS_OK ? got : script_status(status));
}

/** Runs the ops of one task. */
static inline bs_step play(bs_run *run, bs_frame *frame) {
  bs_value who = frame->slots[0];
  const script_task *task = play_script(who);
  if (frame->at > 0) {
    const script_op *op = &task->ops[frame->at - 1];
    bool waited = op->kind == SCRIPT_WAIT;
    int64_t got = play_number(run->signal, run->in);
    play_count(op, run->which, run->signal, got);
    play_note(who, frame->at - 1, waited ? run->which : 0, run->signal, got);
    if (task->dies && run->signal == BS_SIGNAL_ERROR && got == script_status(BS_CANCELLED)) {
      run->out = bs_run_take(run);
      return BS_STEP_RAISE;
    }
  }
  while (frame->at < task->op_count) {
    uint32_t at = frame->at++;
    if (task->ops[at].kind <= SCRIPT_WAIT) return play_relayed(run, who, at, task->ops[at].depth);
    play_at_once(run, who, at);
  }
  run->out = who;
  return BS_STEP_RETURN;
}

/** Makes channels, loop and tasks; what could not be made for want of memory is BS_NONE. */
static inline void play_start(script_play *p, const script *s, script_log *log, bs_heap *heap,
                              uint64_t shuffle) {
  memset(p, 0, sizeof *p);
  *p = (script_play){.script = s, .log = log, .heap = heap};
  playing = p;
  bs_loop_options options = {.shuffle = shuffle};
  log->count = 0;
  if (bs_loop_new(heap, &options, &p->loop) != BS_OK) p->loop = BS_NONE;
  for (int i = 0; i < SCRIPT_CHANNELS; i++) {
    if (bs_channel_new(heap, s->capacity[i], &p->channels[i]) != BS_OK) p->channels[i] = BS_NONE;
  }
  for (int i = 0; i < SCRIPT_TASKS && p->loop != BS_NONE; i++) {
    bs_value frame;
    if (bs_frame_new(heap, play, 1, &frame) != BS_OK) continue;
    bs_frame_of(frame)->slots[0] = bs_from_small(i);
    if (bs_loop_spawn(heap, p->loop, frame, &p->tasks[i]) != BS_OK) p->tasks[i] = BS_NONE;
    bs_release(heap, frame);
  }
}

/** Whether all was made. */
static inline bool play_whole(const script_play *p) {
  bool whole = p->loop != BS_NONE;
  for (int i = 0; i < SCRIPT_CHANNELS; i++)
    whole = whole && p->channels[i] != BS_NONE;
  for (int i = 0; i < SCRIPT_TASKS; i++)
    whole = whole && p->tasks[i] != BS_NONE;
  return whole;
}

/** Runs until every task has ended, cancelling all where they wait for each other. */
static inline bool play_to_end(script_play *p) {
  bs_status status;
  for (int round = 0; (status = bs_loop_run(p->heap, p->loop, BS_NONE)) != BS_OK; round++) {
    tap_need(status == BS_WOULD_BLOCK && round < SCRIPT_OPS + 1);
    play_note(bs_from_small(SCRIPT_OUTSIDE), 0, 0, BS_SIGNAL_VALUE, script_status(status));
    bs_loop_cancel(p->heap, p->loop);
  }
  for (int i = 0; i < SCRIPT_TASKS; i++) {
    bs_signal signal;
    bs_value value;
    tap_need(bs_task_result(p->tasks[i], &signal, &value) == BS_OK);
    play_note(p->tasks[i] == BS_NONE ? BS_NONE : bs_from_small(i), SCRIPT_OPS, 0, signal,
              play_number(signal, value));
  }
  return true;
}

/** Whether every number that was sent was received once or is still in a channel, and releases all.
 */
static inline bool play_end(script_play *p) {
  for (int i = 0; i < SCRIPT_CHANNELS; i++) {
    bs_value value;
    while (p->channels[i] != BS_NONE &&
           bs_channel_receive(p->heap, p->channels[i], &value) == BS_OK) {
      p->received[play_number(BS_SIGNAL_VALUE, value)]++;
      bs_release(p->heap, value);
    }
    bs_release(p->heap, p->channels[i]);
  }
  for (int i = 0; i < SCRIPT_TASKS; i++)
    bs_release(p->heap, p->tasks[i]);
  bs_release(p->heap, p->loop);
  for (size_t i = 0; i < sizeof p->sent; i++)
    tap_need(p->sent[i] == p->received[i] && p->sent[i] <= 1);
  return heap_ends_empty(p->heap);
}
