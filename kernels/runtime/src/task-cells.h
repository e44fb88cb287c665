// The layout of the cells of frames, tasks, channels and loops, and what their files share.
//
// A loop holds its tasks until they end; so what is within a loop may name a task without a
// reference. A channel and a task that is joined hold the waiters in their lists, a waiter holds
// its task and what it waits at: a waiter is in a list exactly while its task waits.
#pragma once

#include <basalt/loop.h>

enum { BS_FRAME_FRESH, BS_FRAME_BUSY, BS_FRAME_SUSPENDED, BS_FRAME_ENDED };

/** A cell that is in a list: the list holds the first, and each the next. */
typedef struct bs_listed {
  bs_cell cell;
  struct bs_listed *previous;
  bs_value next;
} bs_listed;

/** A list that a cell holds: its slot for the first item, and where the last is noted. */
typedef struct bs_list {
  bs_cell *holder;
  bs_value *first;
  bs_listed **last;
} bs_list;

/** Which of a task's slots is which. VALUE is what it goes on with, or how it ended. */
enum {
  BS_TASK_LOOP,
  BS_TASK_FRAME,
  BS_TASK_VALUE,
  BS_TASK_WAITERS,
  BS_TASK_JOINERS,
  BS_TASK_SLOTS
};

typedef enum bs_task_state {
  BS_TASK_READY,
  BS_TASK_RUNNING,
  BS_TASK_WAITING,
  BS_TASK_ENDED,
} bs_task_state;

typedef struct bs_task {
  bs_listed listed;
  bs_value slots[BS_TASK_SLOTS];
  struct bs_task *next_ready;
  bs_listed *last_joiner;
  /** Its place in the heap of timers, counted from 1; 0 for none. */
  size_t timer;
  bs_task_state state;
  bs_signal signal;
  uint32_t which;
  /** Cases of the wait it is in. */
  uint32_t cases;
  /** The deadline of its wait is no error. */
  bool sleeps;
  /** A cancellation is to be raised at the next wait. */
  bool cancelled;
} bs_task;

/** Which of a waiter's slots is which. SIBLING is the next one of the same wait. */
enum { BS_WAITER_SOURCE, BS_WAITER_TASK, BS_WAITER_VALUE, BS_WAITER_SIBLING, BS_WAITER_SLOTS };

/** One case of a wait, in the list of what it waits at. */
typedef struct bs_waiter {
  bs_listed listed;
  bs_value slots[BS_WAITER_SLOTS];
  bs_case_kind kind;
  uint32_t which;
  uint64_t handle;
  uint32_t events;
  /** Events that io_poll found. */
  uint32_t found;
} bs_waiter;

/** Which of a channel's slots is which; from QUEUE on is a ring of its values. */
enum { BS_CHANNEL_RECEIVERS, BS_CHANNEL_SENDERS, BS_CHANNEL_QUEUE };

typedef struct bs_channel {
  bs_cell cell;
  size_t capacity;
  size_t first;
  size_t count;
  bs_listed *last_receiver;
  bs_listed *last_sender;
  bool closed;
  bs_value slots[];
} bs_channel;

typedef struct bs_timer {
  uint64_t deadline;
  /** Timers of one deadline go off in the order in which they were set. */
  uint64_t number;
  bs_task *task;
} bs_timer;

/** Memory without references: the heap of timers, or the handles for io_poll. */
typedef struct bs_loop_memory {
  bs_cell cell;
  size_t room;
  union {
    bs_timer timers[1];
    bs_io_event handles[1];
  } as;
} bs_loop_memory;

/** Which of a loop's slots is which. */
enum { BS_LOOP_TASKS, BS_LOOP_IO, BS_LOOP_TIMERS, BS_LOOP_HANDLES, BS_LOOP_SLOTS };

typedef struct bs_loop {
  bs_cell cell;
  bs_loop_options options;
  uint64_t now;
  uint64_t random;
  uint64_t timers_set;
  size_t timer_count;
  size_t task_count;
  size_t io_count;
  size_t ready_count;
  bs_task *first_ready;
  bs_task *last_ready;
  bs_listed *last_task;
  bs_listed *last_io;
  bs_value slots[BS_LOOP_SLOTS];
} bs_loop;

static inline bs_task *bs_task_of(bs_value task) {
  return (bs_task *)bs_cell_of(task);
}

static inline bs_waiter *bs_waiter_of(bs_value waiter) {
  return (bs_waiter *)bs_cell_of(waiter);
}

static inline bs_channel *bs_channel_of(bs_value channel) {
  return (bs_channel *)bs_cell_of(channel);
}

static inline bs_loop *bs_loop_of(bs_value loop) {
  return (bs_loop *)bs_cell_of(loop);
}

/** frame.c: runs the chain whose innermost frame is in `top`, a slot of `holder`, until it waits,
 * pauses or ends; the product is in `run->in`, and without a chain `top` is BS_NONE. */
bs_step bs_frames_run(bs_run *run, bs_cell *holder, bs_value *top);

/** listed.c: puts an item at the end of a list, which takes a reference; and takes it out. */
void bs_list_append(bs_heap *heap, bs_list list, bs_listed *item);
void bs_list_remove(bs_heap *heap, bs_list list, bs_listed *item);

/** wait.c: the first waiter of a channel's or a task's list, and the list that a waiter is in. */
bs_list bs_waiter_list(const bs_waiter *waiter);

/** task.c: ends the wait of a task, which goes on with a signal and a value, moved to it. */
void bs_task_wake(bs_heap *heap, bs_task *task, uint32_t which, bs_signal signal, bs_value value);
/** task.c: runs a task until it waits, pauses or ends. */
void bs_task_run(bs_heap *heap, bs_task *task);

/** loop.c: puts a task behind those that are ready. */
void bs_loop_make_ready(bs_loop *loop, bs_task *task);

/** timers.c: makes room for so many timers; sets one, for which there is room; takes one out; and
 * wakes all tasks whose deadline has come. */
bs_status bs_timers_reserve(bs_heap *heap, bs_loop *loop, size_t count);
void bs_timers_set(bs_loop *loop, bs_task *task, uint64_t deadline);
void bs_timers_clear(bs_loop *loop, bs_task *task);
void bs_timers_expire(bs_heap *heap, bs_loop *loop);
/** timers.c: the next deadline; BS_NEVER where there is none. */
uint64_t bs_timers_next(const bs_loop *loop);

/** loop-io.c: makes room for so many handles; and asks io_poll, waking tasks whose events came. */
bs_status bs_loop_io_reserve(bs_heap *heap, bs_loop *loop, size_t count);
bs_status bs_loop_io_poll(bs_heap *heap, bs_loop *loop, uint64_t timeout);
