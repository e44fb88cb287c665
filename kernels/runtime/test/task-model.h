// Plays a script on a plain simulation: arrays and searches, no lists, no references.
#pragma once

#include "task-script.h"

typedef enum { MODEL_READY, MODEL_WAITING, MODEL_ENDED } model_state;

typedef struct model_task {
  model_state state;
  bool cancelled;
  /** The op that it waits in is `at` - 1. */
  int at;
  /** When it began to wait, for the order among those that wait at the same place. */
  uint64_t since;
  uint64_t deadline;
  uint32_t which;
  bs_signal signal;
  int64_t value;
} model_task;

typedef struct model {
  const script *script;
  script_log *log;
  uint64_t now;
  uint64_t waits;
  int ready[SCRIPT_TASKS];
  int ready_count;
  model_task tasks[SCRIPT_TASKS];
  int64_t queue[SCRIPT_CHANNELS][SCRIPT_TASKS * SCRIPT_OPS];
  size_t queued[SCRIPT_CHANNELS];
  bool closed[SCRIPT_CHANNELS];
} model;

static inline const script_op *model_op(const model *m, int task) {
  return &m->script->tasks[task].ops[m->tasks[task].at - 1];
}

static inline void model_note(model *m, int task, int op, uint32_t which, bs_signal signal,
                              int64_t value) {
  script_entry entry = {.now = m->now,
                        .task = (uint8_t)task,
                        .op = (uint8_t)op,
                        .which = which,
                        .signal = signal,
                        .value = value};
  script_note(m->log, entry);
}

static inline void model_wake(model *m, int task, uint32_t which, bs_signal signal, int64_t value) {
  model_task *woken = &m->tasks[task];
  woken->state = MODEL_READY;
  woken->which = which;
  woken->signal = signal;
  woken->value = value;
  m->ready[m->ready_count++] = task;
}

/** The task that has waited longest in such a case, or -1, and its first such case. */
static inline int model_first(const model *m, bs_case_kind kind, int source, uint32_t *which) {
  int first = -1;
  for (int t = 0; t < SCRIPT_TASKS; t++) {
    if (m->tasks[t].state != MODEL_WAITING || model_op(m, t)->kind != SCRIPT_WAIT) continue;
    if (first >= 0 && m->tasks[first].since < m->tasks[t].since) continue;
    for (uint8_t i = 0; i < model_op(m, t)->case_count; i++) {
      const script_case *each = &model_op(m, t)->cases[i];
      if (each->kind != kind || each->source != source) continue;
      first = t;
      *which = i;
      break;
    }
  }
  return first;
}

static inline bs_status model_send(model *m, int channel, int64_t value) {
  uint32_t which;
  if (m->closed[channel]) return BS_CLOSED;
  int receiver = model_first(m, BS_CASE_RECEIVE, channel, &which);
  if (receiver >= 0)
    model_wake(m, receiver, which, BS_SIGNAL_VALUE, value);
  else if (m->queued[channel] < m->script->capacity[channel])
    m->queue[channel][m->queued[channel]++] = value;
  else
    return BS_WOULD_BLOCK;
  return BS_OK;
}

static inline bs_status model_receive(model *m, int channel, int64_t *value) {
  uint32_t which;
  int sender = model_first(m, BS_CASE_SEND, channel, &which);
  int64_t next = sender < 0 ? 0 : model_op(m, sender)->cases[which].value;
  if (m->queued[channel] > 0) {
    int64_t *queue = m->queue[channel];
    *value = queue[0];
    m->queued[channel]--;
    memmove(queue, queue + 1, m->queued[channel] * sizeof *queue);
    if (sender >= 0) queue[m->queued[channel]++] = next;
  } else if (sender >= 0) {
    *value = next;
  } else {
    return m->closed[channel] ? BS_CLOSED : BS_WOULD_BLOCK;
  }
  if (sender >= 0) model_wake(m, sender, which, BS_SIGNAL_VALUE, -1);
  return BS_OK;
}

static inline bs_status model_close(model *m, int channel) {
  uint32_t which;
  int task;
  if (m->closed[channel]) return BS_CLOSED;
  m->closed[channel] = true;
  while ((task = model_first(m, BS_CASE_RECEIVE, channel, &which)) >= 0)
    model_wake(m, task, which, BS_SIGNAL_ERROR, script_status(BS_CLOSED));
  while ((task = model_first(m, BS_CASE_SEND, channel, &which)) >= 0)
    model_wake(m, task, which, BS_SIGNAL_ERROR, script_status(BS_CLOSED));
  return BS_OK;
}

static inline bs_status model_cancel(model *m, int task) {
  model_task *cancelled = &m->tasks[task];
  if (cancelled->state == MODEL_ENDED) return BS_CLOSED;
  if (cancelled->state == MODEL_WAITING) {
    const script_op *op = model_op(m, task);
    uint32_t which = op->kind == SCRIPT_WAIT ? op->case_count : 0;
    model_wake(m, task, which, BS_SIGNAL_ERROR, script_status(BS_CANCELLED));
  } else {
    cancelled->cancelled = true;
  }
  return BS_OK;
}

static inline bool model_try(model *m, const script_case *each, bs_signal *signal, int64_t *value) {
  bs_status status = BS_WOULD_BLOCK;
  *signal = BS_SIGNAL_VALUE;
  *value = -1;
  if (each->kind == BS_CASE_SEND) status = model_send(m, each->source, each->value);
  if (each->kind == BS_CASE_RECEIVE) status = model_receive(m, each->source, value);
  if (each->kind == BS_CASE_JOIN && m->tasks[each->source].state == MODEL_ENDED) {
    *signal = m->tasks[each->source].signal;
    *value = m->tasks[each->source].value;
    return true;
  }
  if (status == BS_CLOSED) {
    *signal = BS_SIGNAL_ERROR;
    *value = script_status(BS_CLOSED);
  }
  return status != BS_WOULD_BLOCK;
}

/** Begins a wait, a sleep or a pause; whether it is over at once, which is then noted as the task's
 * value. */
static inline bool model_wait(model *m, int t) {
  model_task *task = &m->tasks[t];
  const script_op *op = model_op(m, t);
  uint32_t count = op->kind == SCRIPT_WAIT ? op->case_count : 0;
  task->which = count;
  task->signal = BS_SIGNAL_ERROR;
  task->value = script_status(BS_INVALID);
  for (uint32_t i = 0; i < count; i++) {
    if (op->cases[i].kind == BS_CASE_JOIN && op->cases[i].source == t) return true;
  }
  task->value = script_status(BS_CANCELLED);
  if (task->cancelled) {
    task->cancelled = false;
    return true;
  }
  for (uint32_t i = 0; i < count; i++) {
    task->which = i;
    if (model_try(m, &op->cases[i], &task->signal, &task->value)) return true;
  }
  if (op->kind == SCRIPT_PAUSE) {
    model_wake(m, t, 0, BS_SIGNAL_VALUE, -1);
    return false;
  }
  task->state = MODEL_WAITING;
  task->since = m->waits++;
  task->deadline = op->time == BS_NEVER ? BS_NEVER : m->now + op->time;
  return false;
}

static inline void model_at_once(model *m, int t, const script_op *op) {
  bs_status status = BS_OK;
  int64_t got = 0;
  if (op->kind == SCRIPT_TRY_SEND) status = model_send(m, op->target, op->value);
  if (op->kind == SCRIPT_TRY_RECEIVE) status = model_receive(m, op->target, &got);
  if (op->kind == SCRIPT_CLOSE) status = model_close(m, op->target);
  if (op->kind == SCRIPT_CANCEL) status = model_cancel(m, op->target);
  model_note(m, t, m->tasks[t].at - 1, 0, BS_SIGNAL_VALUE,
             status == BS_OK ? got : script_status(status));
}

static inline void model_end(model *m, int t, bs_signal signal, int64_t value) {
  uint32_t which;
  int joiner;
  m->tasks[t].state = MODEL_ENDED;
  m->tasks[t].signal = signal;
  m->tasks[t].value = value;
  while ((joiner = model_first(m, BS_CASE_JOIN, t, &which)) >= 0)
    model_wake(m, joiner, which, signal, value);
}

static inline void model_run(model *m, int t) {
  model_task *task = &m->tasks[t];
  const script_task *ops = &m->script->tasks[t];
  bool waited = task->at > 0;
  for (;;) {
    if (waited) {
      uint32_t which = model_op(m, t)->kind == SCRIPT_WAIT ? task->which : 0;
      model_note(m, t, task->at - 1, which, task->signal, task->value);
      bool cancelled =
          task->signal == BS_SIGNAL_ERROR && task->value == script_status(BS_CANCELLED);
      if (ops->dies && cancelled) {
        model_end(m, t, task->signal, task->value);
        return;
      }
    }
    if (task->at == ops->op_count) {
      model_end(m, t, BS_SIGNAL_VALUE, t);
      return;
    }
    const script_op *op = &ops->ops[task->at++];
    waited = op->kind <= SCRIPT_WAIT;
    if (!waited)
      model_at_once(m, t, op);
    else if (!model_wait(m, t))
      return;
  }
}

/** Wakes the tasks whose deadline has come: by deadline, then in the order of their waits. */
static inline void model_expire(model *m) {
  for (;;) {
    int first = -1;
    for (int t = 0; t < SCRIPT_TASKS; t++) {
      const model_task *task = &m->tasks[t];
      if (task->state != MODEL_WAITING || task->deadline > m->now) continue;
      const model_task *best = first < 0 ? NULL : &m->tasks[first];
      if (best == NULL || task->deadline < best->deadline ||
          (task->deadline == best->deadline && task->since < best->since))
        first = t;
    }
    if (first < 0) return;
    const script_op *op = model_op(m, first);
    if (op->kind == SCRIPT_SLEEP)
      model_wake(m, first, 0, BS_SIGNAL_VALUE, -1);
    else
      model_wake(m, first, op->case_count, BS_SIGNAL_ERROR, script_status(BS_TIMEOUT));
  }
}

/** One turn; false where nothing can happen any more. */
static inline bool model_turn(model *m) {
  uint64_t next = BS_NEVER;
  for (int t = 0; t < SCRIPT_TASKS; t++) {
    if (m->tasks[t].state == MODEL_WAITING && m->tasks[t].deadline < next)
      next = m->tasks[t].deadline;
  }
  if (m->ready_count == 0) {
    if (next == BS_NEVER) return false;
    if (next > m->now) m->now = next;
  }
  model_expire(m);
  int count = m->ready_count;
  for (int i = 0; i < count; i++) {
    int task = m->ready[0];
    memmove(m->ready, m->ready + 1, (size_t)--m->ready_count * sizeof *m->ready);
    model_run(m, task);
  }
  return true;
}

static inline bool model_all_ended(const model *m) {
  for (int t = 0; t < SCRIPT_TASKS; t++) {
    if (m->tasks[t].state != MODEL_ENDED) return false;
  }
  return true;
}

/** Plays the script to its end. */
static inline void model_play(model *m, const script *s, script_log *log) {
  memset(m, 0, sizeof *m);
  m->script = s;
  m->log = log;
  log->count = 0;
  for (int t = 0; t < SCRIPT_TASKS; t++)
    model_wake(m, t, 0, BS_SIGNAL_VALUE, -1);
  while (!model_all_ended(m)) {
    if (model_turn(m)) continue;
    model_note(m, SCRIPT_OUTSIDE, 0, 0, BS_SIGNAL_VALUE, script_status(BS_WOULD_BLOCK));
    for (int t = 0; t < SCRIPT_TASKS; t++) {
      if (m->tasks[t].state != MODEL_ENDED) (void)model_cancel(m, t);
    }
  }
  for (int t = 0; t < SCRIPT_TASKS; t++)
    model_note(m, t, SCRIPT_OPS, 0, m->tasks[t].signal, m->tasks[t].value);
}
