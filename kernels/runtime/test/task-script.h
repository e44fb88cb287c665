// Scripts for tasks: what each of a few tasks does with a few channels, made up by a seed or by a
// fuzzer, and the log of what came of it. task-play.h plays them on the runtime, task-model.h on a
// plain simulation; both must write the same log.
#pragma once

#include <basalt/loop.h>

#include "atom-heap.h"

enum {
  SCRIPT_TASKS = 6,
  SCRIPT_OPS = 12,
  SCRIPT_CHANNELS = 3,
  SCRIPT_CASES = 3,
  SCRIPT_LOG = 4096,
  /** The task that spawned and cancels the others, in the log. */
  SCRIPT_OUTSIDE = SCRIPT_TASKS,
};

typedef enum script_kind {
  SCRIPT_PAUSE,
  SCRIPT_SLEEP,
  SCRIPT_WAIT,
  SCRIPT_TRY_SEND,
  SCRIPT_TRY_RECEIVE,
  SCRIPT_CLOSE,
  SCRIPT_CANCEL,
  SCRIPT_KINDS,
} script_kind;

/** One case of a wait: a channel for receiving and sending, a task for joining. */
typedef struct script_case {
  bs_case_kind kind;
  uint8_t source;
  int64_t value;
} script_case;

typedef struct script_op {
  script_kind kind;
  uint8_t target;
  /** Frames that are called on the way to a wait. */
  uint8_t depth;
  uint8_t case_count;
  uint64_t time;
  int64_t value;
  script_case cases[SCRIPT_CASES];
} script_op;

typedef struct script_task {
  uint8_t op_count;
  /** Ends with the error when one of its waits is cancelled. */
  bool dies;
  script_op ops[SCRIPT_OPS];
} script_task;

typedef struct script {
  uint8_t capacity[SCRIPT_CHANNELS];
  script_task tasks[SCRIPT_TASKS];
} script;

/** What came of one op. */
typedef struct script_entry {
  uint64_t now;
  uint8_t task;
  uint8_t op;
  uint32_t which;
  uint32_t signal;
  int64_t value;
} script_entry;

typedef struct script_log {
  size_t count;
  script_entry entries[SCRIPT_LOG];
} script_log;

static inline void script_note(script_log *log, script_entry entry) {
  if (log->count < SCRIPT_LOG) log->entries[log->count++] = entry;
}

/** Values that a log knows apart: numbers that were sent, and statuses and singletons below zero.
 */
static inline int64_t script_status(bs_status status) {
  return -100 - (int64_t)status;
}

/** A source of choices: a seed, or bytes of a fuzzer and then nothing but zeros. */
typedef struct script_choices {
  uint64_t seed;
  const uint8_t *bytes;
  size_t left;
} script_choices;

static inline uint32_t script_pick(script_choices *from, uint32_t bound) {
  if (from->bytes == NULL) return (uint32_t)(tap_random(&from->seed) % bound);
  if (from->left == 0) return 0;
  from->left--;
  return *from->bytes++ % bound;
}

static inline script_case script_make_case(script_choices *from, int64_t value) {
  static const bs_case_kind kinds[] = {BS_CASE_RECEIVE, BS_CASE_SEND, BS_CASE_RECEIVE, BS_CASE_SEND,
                                       BS_CASE_JOIN};
  bs_case_kind kind = kinds[script_pick(from, 5)];
  uint32_t bound = kind == BS_CASE_JOIN ? SCRIPT_TASKS : SCRIPT_CHANNELS;
  return (script_case){.kind = kind, .source = (uint8_t)script_pick(from, bound), .value = value};
}

static inline script_op script_make_op(script_choices *from, int64_t value) {
  script_op op = {.value = value, .time = BS_NEVER};
  uint32_t choice = script_pick(from, 20);
  op.kind = choice < 12   ? SCRIPT_WAIT
            : choice < 14 ? SCRIPT_SLEEP
            : choice < 16 ? SCRIPT_PAUSE
                          : (script_kind)(SCRIPT_TRY_SEND + choice - 16);
  if (op.kind == SCRIPT_CLOSE && script_pick(from, 3) > 0) op.kind = SCRIPT_PAUSE;
  op.target = (uint8_t)script_pick(from, op.kind == SCRIPT_CANCEL ? SCRIPT_TASKS : SCRIPT_CHANNELS);
  op.depth = script_pick(from, 4) == 0 ? 2 : 0;
  if (op.kind == SCRIPT_SLEEP) op.time = script_pick(from, 8);
  if (op.kind != SCRIPT_WAIT) return op;
  if (script_pick(from, 3) == 0) op.time = script_pick(from, 10);
  op.case_count = script_pick(from, 3) > 0 ? 1 : (uint8_t)script_pick(from, SCRIPT_CASES + 1);
  for (uint8_t i = 0; i < op.case_count; i++)
    op.cases[i] = script_make_case(from, value + i);
  return op;
}

/** Makes up a script in which every value that is sent is another number. */
static inline void script_make(script *made, script_choices *from) {
  memset(made, 0, sizeof *made);
  for (int i = 0; i < SCRIPT_CHANNELS; i++)
    made->capacity[i] = (uint8_t)script_pick(from, 3);
  for (int t = 0; t < SCRIPT_TASKS; t++) {
    script_task *task = &made->tasks[t];
    task->op_count = (uint8_t)script_pick(from, SCRIPT_OPS + 1);
    task->dies = script_pick(from, 2) == 0;
    for (int i = 0; i < task->op_count; i++)
      task->ops[i] = script_make_op(from, (t * SCRIPT_OPS + i) * 4 + 1);
  }
}

static inline bool script_same_log(const script_log *a, const script_log *b) {
  size_t shorter = a->count < b->count ? a->count : b->count;
  size_t at = 0;
  for (; at < shorter; at++) {
    script_entry x = a->entries[at];
    script_entry y = b->entries[at];
    bool same = x.now == y.now && x.task == y.task && x.op == y.op && x.which == y.which &&
                x.signal == y.signal && x.value == y.value;
    if (!same) break;
  }
  if (at == shorter && a->count == b->count) return true;
  printf("# logs of %zu and %zu entries differ at %zu\n", a->count, b->count, at);
  return false;
}
