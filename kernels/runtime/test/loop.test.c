// Loops and tasks: joining, deadlines, cancelling, deadlock, loops that are left alone, and real
// pipes under a real clock.
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "task-play.h"

static bs_value number(int64_t n) {
  return bs_from_small(n);
}

static bs_value new_loop(bs_heap *heap, bs_loop_options options) {
  bs_value loop;
  if (bs_loop_new(heap, &options, &loop) != BS_OK) abort();
  return loop;
}

/** A task of a frame with the values that it begins with, borrowed. */
static bs_value spawn(bs_heap *heap, bs_value loop, bs_resume resume, bs_value first,
                      bs_value second) {
  bs_value frame;
  bs_value task;
  if (bs_frame_new(heap, resume, 3, &frame) != BS_OK) abort();
  bs_frame_of(frame)->slots[0] = bs_retain(first);
  bs_frame_of(frame)->slots[1] = bs_retain(second);
  if (bs_loop_spawn(heap, loop, frame, &task) != BS_OK) abort();
  bs_release(heap, frame);
  return task;
}

/** Whether the task ended this way; lets it go. */
static bool ended(bs_heap *heap, bs_value task, bs_signal signal, bs_value expected) {
  bs_signal how;
  bs_value result;
  tap_need(bs_task_result(task, &how, &result) == BS_OK);
  bool same = how == signal && result == expected;
  if (!same) printf("# signal %d, value %llx\n", how, (unsigned long long)result);
  bs_release(heap, task);
  return same;
}

static bs_step end_with(bs_run *run) {
  run->out = bs_run_take(run);
  return run->signal == BS_SIGNAL_ERROR ? BS_STEP_RAISE : BS_STEP_RETURN;
}

/** Sleeps and ends with the time. */
static bs_step sleeper(bs_run *run, bs_frame *frame) {
  if (frame->at++ == 0) return bs_wait_for(run, (uint64_t)bs_to_small(frame->slots[0]));
  if (run->signal == BS_SIGNAL_ERROR) return end_with(run);
  run->out = number((int64_t)bs_loop_now(bs_task_loop(run->task)));
  return BS_STEP_RETURN;
}

static bs_step joiner(bs_run *run, bs_frame *frame) {
  if (frame->at++ == 0) return bs_wait_task(run, frame->slots[0]);
  return end_with(run);
}

static bs_step receiver(bs_run *run, bs_frame *frame) {
  if (frame->at++ == 0) return bs_wait_receive(run, frame->slots[0]);
  return end_with(run);
}

/** Waits for a channel or until a time. */
static bs_step impatient(bs_run *run, bs_frame *frame) {
  bs_case receive = {.kind = BS_CASE_RECEIVE, .source = frame->slots[0]};
  if (frame->at++ == 0) return bs_wait(run, &receive, 1, (uint64_t)bs_to_small(frame->slots[1]));
  return end_with(run);
}

static bool joins(void) {
  bs_heap *heap = task_heap(256 << 10, 0);
  bs_value loop = new_loop(heap, (bs_loop_options){0});
  bs_value one = spawn(heap, loop, sleeper, number(50), BS_NULL);
  bs_value other = spawn(heap, loop, joiner, one, BS_NULL);
  bs_value third = spawn(heap, loop, joiner, other, BS_NULL);
  bs_value channel;
  tap_need(bs_channel_new(heap, 0, &channel) == BS_OK);
  bs_value late = spawn(heap, loop, impatient, channel, number(70));
  tap_need(bs_loop_count(loop) == 4 && bs_task_loop(late) == loop && !bs_task_ended(late));
  tap_need(bs_loop_run(heap, loop, third) == BS_OK && bs_loop_now(loop) == 50);
  tap_need(ended(heap, one, BS_SIGNAL_VALUE, number(50)));
  tap_need(ended(heap, third, BS_SIGNAL_VALUE, number(50)));
  tap_need(ended(heap, other, BS_SIGNAL_VALUE, number(50)));
  tap_need(bs_loop_run(heap, loop, BS_NONE) == BS_OK && bs_loop_now(loop) == 70);
  tap_need(bs_task_cancel(heap, late) == BS_CLOSED);
  tap_need(ended(heap, late, BS_SIGNAL_ERROR, number(BS_TIMEOUT)));
  tap_need(bs_loop_turn(heap, loop, true) == BS_NOENT);
  bs_release(heap, channel);
  bs_release(heap, loop);
  return heap_ends_empty(heap);
}

static bool tells_a_deadlock(void) {
  bs_heap *heap = task_heap(256 << 10, 0);
  bs_value loop = new_loop(heap, (bs_loop_options){0});
  bs_value channel;
  bs_signal signal;
  bs_value result;
  tap_need(bs_channel_new(heap, 2, &channel) == BS_OK);
  bs_value one = spawn(heap, loop, receiver, channel, BS_NULL);
  bs_value other = spawn(heap, loop, joiner, one, BS_NULL);
  tap_need(bs_loop_run(heap, loop, BS_NONE) == BS_WOULD_BLOCK);
  tap_need(bs_task_result(one, &signal, &result) == BS_WOULD_BLOCK);
  // What comes from outside of the tasks ends it.
  tap_need(bs_channel_send(heap, channel, number(5)) == BS_OK);
  tap_need(bs_channel_count(channel) == 0 && !bs_channel_closed(channel));
  tap_need(bs_loop_run(heap, loop, BS_NONE) == BS_OK);
  tap_need(ended(heap, one, BS_SIGNAL_VALUE, number(5)));
  tap_need(ended(heap, other, BS_SIGNAL_VALUE, number(5)));
  tap_need(bs_channel_close(heap, channel) == BS_OK && bs_channel_closed(channel));
  tap_need(bs_channel_close(heap, channel) == BS_CLOSED);
  bs_release(heap, channel);
  bs_release(heap, loop);
  return heap_ends_empty(heap);
}

static bool keeps_what_a_cancelled_wait_got(void) {
  bs_heap *heap = task_heap(256 << 10, 0);
  bs_value loop = new_loop(heap, (bs_loop_options){0});
  bs_value channel;
  tap_need(bs_channel_new(heap, 0, &channel) == BS_OK);
  bs_value one = spawn(heap, loop, receiver, channel, BS_NULL);
  bs_value other = spawn(heap, loop, receiver, channel, BS_NULL);
  tap_need(bs_loop_turn(heap, loop, true) == BS_OK);
  tap_need(bs_channel_send(heap, channel, number(5)) == BS_OK);
  tap_need(bs_task_cancel(heap, one) == BS_OK && bs_task_cancel(heap, other) == BS_OK);
  tap_need(bs_loop_run(heap, loop, BS_NONE) == BS_OK);
  tap_need(ended(heap, one, BS_SIGNAL_VALUE, number(5)));
  tap_need(ended(heap, other, BS_SIGNAL_ERROR, number(BS_CANCELLED)));
  bs_release(heap, channel);
  bs_release(heap, loop);
  return heap_ends_empty(heap);
}

static bool is_collected_when_left_alone(void) {
  bs_heap *heap = task_heap(256 << 10, 0);
  for (int turns = 0; turns < 3; turns++) {
    bs_value loop = new_loop(heap, (bs_loop_options){0});
    bs_value channel;
    tap_need(bs_channel_new(heap, 1, &channel) == BS_OK);
    bs_value tasks[] = {spawn(heap, loop, receiver, channel, BS_NULL),
                        spawn(heap, loop, sleeper, number(9), BS_NULL),
                        spawn(heap, loop, impatient, channel, number(100))};
    for (int i = 0; i < turns; i++)
      tap_need(bs_loop_turn(heap, loop, true) == BS_OK);
    for (int i = 0; i < 3; i++)
      bs_release(heap, tasks[i]);
    bs_release(heap, loop);
    tap_need(heap_is_whole(heap));
    // The channel still holds who waits at it, and with it the loop.
    if (turns > 0) tap_need(bs_channel_send(heap, channel, number(1)) == BS_OK);
    bs_release(heap, channel);
    bs_heap_collect(heap);
    tap_need(heap_is_whole(heap) && atom_heap_stats(heap).live_cells == 0);
  }
  return heap_ends_empty(heap);
}

/** A wait that is not possible ends with its error, and all cases at their end. */
static bs_step wrong(bs_run *run, bs_frame *frame) {
  static const bs_case cases[] = {{.kind = BS_CASE_RECEIVE, .source = BS_NULL},
                                  {.kind = BS_CASE_JOIN, .source = BS_NULL},
                                  {.kind = BS_CASE_IO, .handle = 1, .events = BS_IO_READABLE},
                                  {.kind = (bs_case_kind)99}};
  static const bs_status expected[] = {BS_INVALID, BS_INVALID, BS_UNSUPPORTED, BS_INVALID,
                                       BS_INVALID};
  if (frame->at > 0) {
    bool right = run->signal == BS_SIGNAL_ERROR && run->in == number(expected[frame->at - 1]) &&
                 run->which == (frame->at == 5 ? BS_MAX_CASES + 1 : 1);
    if (!right || frame->at == 5) {
      run->out = number(right ? 1 : -(int64_t)frame->at);
      return BS_STEP_RETURN;
    }
  }
  uint32_t at = frame->at++;
  if (at == 4) return bs_wait(run, cases, BS_MAX_CASES + 1, BS_NEVER);
  return bs_wait(run, &cases[at], 1, BS_NEVER);
}

static bool refuses(void) {
  bs_heap *heap = task_heap(256 << 10, 0);
  bs_value out;
  bs_value loop = new_loop(heap, (bs_loop_options){0});
  bs_value task = spawn(heap, loop, wrong, BS_NULL, BS_NULL);
  bs_value begun;
  tap_need(bs_frame_new(heap, wrong, 0, &begun) == BS_OK);
  tap_need(bs_loop_spawn(heap, loop, begun, NULL) == BS_OK);
  tap_need(bs_loop_spawn(heap, loop, begun, &out) == BS_INVALID);
  tap_need(bs_loop_spawn(heap, loop, BS_NULL, &out) == BS_INVALID);
  tap_need(bs_channel_new(heap, BS_CHANNEL_MAX + 1, &out) == BS_RANGE);
  tap_need(bs_loop_run(heap, loop, BS_NONE) == BS_OK);
  tap_need(ended(heap, task, BS_SIGNAL_VALUE, number(1)));
  bs_release(heap, begun);
  bs_release(heap, loop);
  return heap_ends_empty(heap);
}

static uint64_t host_now(void *context) {
  struct timespec at;
  (void)context;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

static bs_status host_poll(void *context, bs_io_event *handles, size_t count, uint64_t timeout) {
  struct pollfd polled[8];
  (void)context;
  for (size_t i = 0; i < count; i++) {
    bool reads = (handles[i].events & BS_IO_READABLE) != 0;
    bool writes = (handles[i].events & BS_IO_WRITABLE) != 0;
    short events = (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
    polled[i] = (struct pollfd){.fd = (int)handles[i].handle, .events = events};
  }
  int limit = timeout == BS_NEVER ? -1 : (int)((timeout + 999999) / 1000000);
  int found = poll(polled, count, limit);
  if (found < 0) return BS_IO;
  if (found == 0) return timeout == 0 ? BS_WOULD_BLOCK : BS_TIMEOUT;
  for (size_t i = 0; i < count; i++) {
    short got = polled[i].revents;
    handles[i].events = (got & POLLIN ? BS_IO_READABLE : 0u) |
                        (got & POLLOUT ? BS_IO_WRITABLE : 0u) |
                        (got & POLLHUP ? BS_IO_HANGUP : 0u) | (got & POLLERR ? BS_IO_ERROR : 0u);
  }
  return BS_OK;
}

enum { ROUNDS = 200 };

static bs_step wait_readable(bs_run *run, bs_value handle) {
  bs_case readable = {
      .kind = BS_CASE_IO, .events = BS_IO_READABLE, .handle = (uint64_t)bs_to_small(handle)};
  return bs_wait(run, &readable, 1, BS_NEVER);
}

/** Reads a byte from one pipe, adds one and writes it into another, until the first is closed; ends
 * with the last byte. */
static bs_step echo(bs_run *run, bs_frame *frame) {
  uint8_t byte;
  int in = (int)bs_to_small(frame->slots[0]);
  if (frame->at++ > 0) {
    if (run->signal == BS_SIGNAL_ERROR) return end_with(run);
    ssize_t got = read(in, &byte, 1);
    if (got == 1) {
      byte++;
      bs_frame_set(run, frame, 2, number(byte));
      if (write((int)bs_to_small(frame->slots[1]), &byte, 1) != 1) abort();
    } else if (got == 0) {
      close((int)bs_to_small(frame->slots[1]));
      run->out = frame->slots[2];
      return BS_STEP_RETURN;
    }
  }
  return wait_readable(run, frame->slots[0]);
}

/** Sends a byte around and closes its pipe after ROUNDS. */
static bs_step driver(bs_run *run, bs_frame *frame) {
  uint8_t byte = 0;
  int out = (int)bs_to_small(frame->slots[1]);
  if (frame->at > 0) {
    if (read((int)bs_to_small(frame->slots[0]), &byte, 1) != 1) {
      run->out = number(-1);
      return BS_STEP_RETURN;
    }
  }
  if (frame->at++ == ROUNDS) {
    close(out);
    run->out = number(byte);
    return BS_STEP_RETURN;
  }
  if (write(out, &byte, 1) != 1) abort();
  return wait_readable(run, frame->slots[0]);
}

static bool serves_real_pipes(void) {
  int there[2];
  int back[2];
  bs_heap *heap = task_heap(256 << 10, 0);
  bs_loop_options options = {.now = host_now, .io_poll = host_poll};
  bs_value loop = new_loop(heap, options);
  tap_need(pipe(there) == 0 && pipe(back) == 0);
  bs_value echoing = spawn(heap, loop, echo, number(there[0]), number(back[1]));
  bs_value driving = spawn(heap, loop, driver, number(back[0]), number(there[1]));
  bs_value ticking = spawn(heap, loop, sleeper, number(1000000), BS_NULL);
  bs_value hung = spawn(heap, loop, sleeper, number(INT64_C(1) << 59), BS_NULL);
  tap_need(bs_loop_run(heap, loop, echoing) == BS_OK);
  tap_need(ended(heap, echoing, BS_SIGNAL_VALUE, number(ROUNDS)));
  tap_need(ended(heap, driving, BS_SIGNAL_VALUE, number(ROUNDS)));
  tap_need(bs_loop_run(heap, loop, ticking) == BS_OK);
  bs_loop_cancel(heap, loop);
  tap_need(bs_loop_run(heap, loop, BS_NONE) == BS_OK);
  tap_need(ended(heap, hung, BS_SIGNAL_ERROR, number(BS_CANCELLED)));
  bs_release(heap, ticking);
  bs_release(heap, loop);
  close(there[0]);
  close(back[0]);
  return heap_ends_empty(heap);
}

static bs_status broken_poll(void *context, bs_io_event *handles, size_t count, uint64_t timeout) {
  (void)handles;
  (void)timeout;
  *(size_t *)context += count;
  return BS_IO;
}

static bool hands_on_what_io_poll_fails_with(void) {
  bs_heap *heap = task_heap(256 << 10, 0);
  size_t asked = 0;
  bs_value out;
  bs_loop_options no_poll = {.now = host_now};
  tap_need(bs_loop_new(heap, &no_poll, &out) == BS_INVALID);
  bs_value loop = new_loop(heap, (bs_loop_options){.context = &asked, .io_poll = broken_poll});
  bs_value task = spawn(heap, loop, echo, number(0), number(0));
  tap_need(bs_loop_run(heap, loop, BS_NONE) == BS_IO && asked == 1);
  bs_loop_cancel(heap, loop);
  tap_need(bs_loop_run(heap, loop, BS_NONE) == BS_OK && asked == 1);
  tap_need(ended(heap, task, BS_SIGNAL_ERROR, number(BS_CANCELLED)));
  bs_release(heap, loop);
  return heap_ends_empty(heap);
}

int main(void) {
  tap_ok(joins(), "tasks are joined, and waits have deadlines");
  tap_ok(tells_a_deadlock(), "a deadlock is told, and may be ended from outside");
  tap_ok(keeps_what_a_cancelled_wait_got(), "what a wait has got is kept when it is cancelled");
  tap_ok(is_collected_when_left_alone(), "a loop that is left alone is collected");
  tap_ok(refuses(), "waits and tasks that are not possible are refused");
  tap_ok(serves_real_pipes(), "tasks talk over real pipes by a real clock");
  tap_ok(hands_on_what_io_poll_fails_with(), "what io_poll fails with ends the turn");
  return tap_done();
}
