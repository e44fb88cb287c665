// Waits: a waiter a case, each in the list of what it waits at. All that can fail comes before the
// first of them is in a list.
#include "task-cells.h"

bs_list bs_waiter_list(const bs_waiter *waiter) {
  bs_value source = waiter->slots[BS_WAITER_SOURCE];
  if (waiter->kind == BS_CASE_JOIN) {
    bs_task *task = bs_task_of(source);
    return (bs_list){&task->listed.cell, &task->slots[BS_TASK_JOINERS], &task->last_joiner};
  }
  if (waiter->kind == BS_CASE_IO) {
    bs_loop *loop = bs_loop_of(source);
    return (bs_list){&loop->cell, &loop->slots[BS_LOOP_IO], &loop->last_io};
  }
  bs_channel *channel = bs_channel_of(source);
  if (waiter->kind == BS_CASE_SEND)
    return (bs_list){&channel->cell, &channel->slots[BS_CHANNEL_SENDERS], &channel->last_sender};
  return (bs_list){&channel->cell, &channel->slots[BS_CHANNEL_RECEIVERS], &channel->last_receiver};
}

/** The wait is over at once. */
static bs_step over(bs_run *run, uint32_t which, bs_signal signal, bs_value value) {
  run->over = true;
  run->which = which;
  run->signal = signal;
  run->out = value;
  return BS_STEP_WAIT;
}

static bs_status check_case(const bs_run *run, const bs_case *each) {
  const bs_loop *loop = bs_loop_of(bs_task_loop(run->task));
  switch (each->kind) {
  case BS_CASE_RECEIVE:
    return bs_is_kind(each->source, BS_KIND_CHANNEL) ? BS_OK : BS_INVALID;
  case BS_CASE_SEND:
    if (each->value == BS_NONE) return BS_INVALID;
    return bs_is_kind(each->source, BS_KIND_CHANNEL) ? BS_OK : BS_INVALID;
  case BS_CASE_JOIN:
    if (each->source == run->task) return BS_INVALID;
    return bs_is_kind(each->source, BS_KIND_TASK) ? BS_OK : BS_INVALID;
  case BS_CASE_IO:
    return loop->options.io_poll == NULL ? BS_UNSUPPORTED : BS_OK;
  }
  return BS_INVALID;
}

static bs_status check(const bs_run *run, const bs_case *cases, uint32_t count) {
  if (run->task == BS_NONE) return BS_UNSUPPORTED;
  if (count > BS_MAX_CASES) return BS_INVALID;
  bs_status status = BS_OK;
  for (uint32_t i = 0; status == BS_OK && i < count; i++)
    status = check_case(run, &cases[i]);
  return status;
}

/** Whether a case comes about at once, and with what. */
static bool try_case(bs_heap *heap, const bs_case *each, bs_signal *signal, bs_value *value) {
  bs_status status = BS_WOULD_BLOCK;
  *signal = BS_SIGNAL_VALUE;
  *value = BS_NULL;
  if (each->kind == BS_CASE_RECEIVE) status = bs_channel_receive(heap, each->source, value);
  if (each->kind == BS_CASE_SEND) status = bs_channel_send(heap, each->source, each->value);
  if (each->kind == BS_CASE_JOIN) {
    status = bs_task_result(each->source, signal, value);
    if (status == BS_OK) bs_retain(*value);
  }
  if (status == BS_CLOSED) {
    *signal = BS_SIGNAL_ERROR;
    *value = bs_error_of(BS_CLOSED);
  }
  return status != BS_WOULD_BLOCK;
}

/** A waiter for each case, linked as siblings behind `first`; BS_NOMEM leaves those made so far. */
static bs_status make_waiters(bs_run *run, const bs_case *cases, uint32_t count, bs_value *first) {
  for (uint32_t i = count; i > 0; i--) {
    const bs_case *each = &cases[i - 1];
    bs_waiter *waiter = bs_alloc(run->heap, BS_KIND_WAITER, sizeof *waiter);
    if (waiter == NULL) return BS_NOMEM;
    bool of_loop = each->kind == BS_CASE_IO;
    waiter->slots[BS_WAITER_SOURCE] = bs_retain(of_loop ? bs_task_loop(run->task) : each->source);
    waiter->slots[BS_WAITER_TASK] = bs_retain(run->task);
    if (each->kind == BS_CASE_SEND) waiter->slots[BS_WAITER_VALUE] = bs_retain(each->value);
    waiter->slots[BS_WAITER_SIBLING] = *first;
    waiter->kind = each->kind;
    waiter->which = i - 1;
    waiter->handle = each->handle;
    waiter->events = each->events;
    *first = bs_from_cell(waiter);
  }
  return BS_OK;
}

static uint32_t io_cases(const bs_case *cases, uint32_t count) {
  uint32_t found = 0;
  for (uint32_t i = 0; i < count; i++)
    found += cases[i].kind == BS_CASE_IO;
  return found;
}

/** Puts the task into all lists; BS_NOMEM leaves it in none. */
static bs_status enter_lists(bs_run *run, const bs_case *cases, uint32_t count, uint64_t deadline) {
  bs_task *task = bs_task_of(run->task);
  bs_loop *loop = bs_loop_of(bs_task_loop(run->task));
  uint32_t handles = io_cases(cases, count);
  bs_value waiters = BS_NONE;
  bs_status status = make_waiters(run, cases, count, &waiters);
  if (status == BS_OK && deadline != BS_NEVER)
    status = bs_timers_reserve(run->heap, loop, loop->timer_count + 1);
  if (status == BS_OK && handles > 0)
    status = bs_loop_io_reserve(run->heap, loop, loop->io_count + handles);
  if (status != BS_OK) {
    bs_release(run->heap, waiters);
    return status;
  }
  bs_store(run->heap, &task->listed.cell, &task->slots[BS_TASK_WAITERS], waiters);
  while (waiters != BS_NONE) {
    bs_waiter *waiter = bs_waiter_of(waiters);
    bs_list_append(run->heap, bs_waiter_list(waiter), &waiter->listed);
    waiters = waiter->slots[BS_WAITER_SIBLING];
  }
  loop->io_count += handles;
  if (deadline != BS_NEVER) bs_timers_set(loop, task, deadline);
  task->state = BS_TASK_WAITING;
  task->cases = count;
  return BS_OK;
}

static bs_step wait(bs_run *run, const bs_case *cases, uint32_t count, uint64_t deadline,
                    bool sleeps) {
  bs_signal signal;
  bs_value value;
  bs_status status = check(run, cases, count);
  if (status != BS_OK) return over(run, count, BS_SIGNAL_ERROR, bs_error_of(status));
  bs_task *task = bs_task_of(run->task);
  if (task->cancelled) {
    task->cancelled = false;
    return over(run, count, BS_SIGNAL_ERROR, bs_error_of(BS_CANCELLED));
  }
  for (uint32_t i = 0; i < count; i++) {
    if (try_case(run->heap, &cases[i], &signal, &value)) return over(run, i, signal, value);
  }
  task->sleeps = sleeps;
  status = enter_lists(run, cases, count, deadline);
  if (status != BS_OK) return over(run, count, BS_SIGNAL_ERROR, bs_error_of(status));
  return BS_STEP_WAIT;
}

bs_step bs_wait(bs_run *run, const bs_case *cases, uint32_t count, uint64_t deadline) {
  return wait(run, cases, count, deadline, false);
}

bs_step bs_wait_receive(bs_run *run, bs_value channel) {
  return wait(run, &(bs_case){.kind = BS_CASE_RECEIVE, .source = channel}, 1, BS_NEVER, false);
}

bs_step bs_wait_send(bs_run *run, bs_value channel, bs_value value) {
  bs_case send = {.kind = BS_CASE_SEND, .source = channel, .value = value};
  return wait(run, &send, 1, BS_NEVER, false);
}

bs_step bs_wait_task(bs_run *run, bs_value task) {
  return wait(run, &(bs_case){.kind = BS_CASE_JOIN, .source = task}, 1, BS_NEVER, false);
}

bs_step bs_wait_until(bs_run *run, uint64_t time) {
  return wait(run, NULL, 0, time, true);
}

bs_step bs_wait_for(bs_run *run, uint64_t duration) {
  uint64_t now = run->task == BS_NONE ? 0 : bs_loop_now(bs_task_loop(run->task));
  return bs_wait_until(run, duration > BS_NEVER - now ? BS_NEVER : now + duration);
}
