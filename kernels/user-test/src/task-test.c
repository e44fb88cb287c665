// Tasks: start, end, wait, kill, priorities, preemption.
#include "check.h"
#include "subjects.h"

static volatile uint64_t shared;

static void adds(uint64_t argument) {
  shared += argument;
  bs_task_exit((int32_t)argument);
}

static void test_spawn(void) {
  test_begin("task_spawn, task_wait, task_exit: argument, code, and the handle is stale then");
  shared = 1;
  bs_handle task = spawn(adds, 41);
  check_end(task, BS_TASK_EXITED, 41);
  check(shared == 42);
  struct bs_task_end end;
  check_status(bs_task_wait(task, 0, &end), BS_NOENT);
  check_detail(BS_DETAIL_HANDLE_STALE, 0);
  check_end(spawn(adds, (uint64_t)-5), BS_TASK_EXITED, -5);
}

static void test_bad_spawn(void) {
  test_begin("task_spawn: entries, counts and flags that are refused");
  bs_handle task = 0;
  uint64_t entry = (uint64_t)(uintptr_t)adds;
  check_status(bs_task_spawn(0, 0, NULL, 0, 0, &task), BS_INVALID);
  check_detail(BS_DETAIL_ADDRESS, 0);
  check_status(bs_task_spawn((uint64_t)(uintptr_t)&shared, 0, NULL, 0, 0, &task), BS_INVALID);
  check_status(bs_task_spawn(UINT64_MAX, 0, NULL, 0, 0, &task), BS_INVALID);
  check_status(bs_task_spawn(entry, 0, NULL, 9, 0, &task), BS_INVALID);
  check_status(bs_task_spawn(entry, 0, NULL, 0, 2, &task), BS_INVALID);
  check_detail(BS_DETAIL_VALUE, 4);
  check_status(bs_task_spawn(entry, 0, NULL, 0, 0, (bs_handle *)1), BS_INVALID);
  check_detail(BS_DETAIL_ADDRESS, 5);
}

static void waits_for_ever(uint64_t argument) {
  (void)argument;
  struct bs_io_event events;
  uint32_t count;
  for (;;)
    bs_io_poll(NULL, 0, UINT64_MAX, &events, &count);
}

static void test_full(void) {
  test_begin("task_spawn: a full table is refused, and every task comes to its end");
  bs_handle tasks[BS_MAX_TASK_HANDLES], more = 0;
  for (unsigned i = 0; i < BS_MAX_TASK_HANDLES; i++)
    tasks[i] = spawn(waits_for_ever, 0);
  check_status(bs_task_spawn((uint64_t)(uintptr_t)adds, 0, NULL, 0, 0, &more), BS_NOMEM);
  check_detail(BS_DETAIL_TABLE_FULL, BS_HANDLE_TASK);
  check(more == 0);
  for (unsigned i = 0; i < BS_MAX_TASK_HANDLES; i++) {
    check_status(bs_task_kill(tasks[i], (int32_t)i), BS_OK);
    check_end(tasks[i], BS_TASK_KILLED, (int32_t)i);
  }
}

static void spins(uint64_t argument) {
  for (;;)
    shared += argument;
}

static void test_preempt(void) {
  test_begin("a task that never gives way is preempted, and is killed where it is");
  uint32_t processors = 0;
  bs_handle tasks[9];
  check_status(bs_task_processors(&processors), BS_OK);
  shared = 0;
  // One more than run at once, with our priority: a sleep of ours ends though none calls the
  // kernel.
  for (unsigned i = 0; i <= processors; i++)
    tasks[i] = spawn(spins, 1);
  while (shared == 0)
    check_status(bs_task_sleep(1000000), BS_OK);
  struct bs_task_stats stats = {0};
  do {
    check_status(bs_task_yield(), BS_OK);
    check_status(bs_task_get_stats(tasks[0], &stats), BS_OK);
  } while (stats.preemptions < 2);
  check(stats.cpu_time > 0 && stats.context_switches > 0 && stats.system_calls == 0);
  for (unsigned i = 0; i <= processors; i++) {
    check_status(bs_task_kill(tasks[i], (int32_t)i), BS_OK);
    check_end(tasks[i], BS_TASK_KILLED, (int32_t)i);
  }
}

static volatile uint64_t order[4], order_count;

/** What each of them waits for, so that it does not matter who gets the processor before. */
static bs_handle gates[3];

static void notes(uint64_t argument) {
  char byte;
  uint64_t bytes;
  bs_ipc_recv(gates[argument], &byte, 1, &bytes, 0);
  order[order_count++ % 4] = argument;
  bs_task_exit(0);
}

static void test_priorities(void) {
  test_begin("task_set_priority: the better one runs first, at once when it is better than we");
  uint32_t processors = 0;
  check_status(bs_task_processors(&processors), BS_OK);
  order_count = 0;
  for (unsigned i = 1; i < 3; i++)
    check_status(bs_ipc_channel_create(0, &gates[i]), BS_OK);
  bs_handle low = spawn(notes, 1), high = spawn(notes, 2);
  check_status(bs_task_set_priority(low, 1), BS_OK);
  check_status(bs_task_set_priority(high, 5), BS_OK);
  check_status(bs_ipc_send(gates[1], "", 1, 0), BS_OK);
  check_status(bs_ipc_send(gates[2], "", 1, 0), BS_OK);
  check(processors > 1 || (order_count == 1 && order[0] == 2));
  check_end(low, BS_TASK_EXITED, 0);
  check_end(high, BS_TASK_EXITED, 0);
  check(processors > 1 || (order_count == 2 && order[1] == 1));
  for (unsigned i = 1; i < 3; i++)
    check_status(bs_ipc_close(gates[i]), BS_OK);
  check_status(bs_task_set_priority(0, 8), BS_INVALID);
  check_detail(BS_DETAIL_VALUE, 1);
  check_status(bs_task_set_priority(0, 3), BS_OK);
  check_status(bs_task_set_priority(high, 3), BS_NOENT);
  check_status(bs_task_set_priority(cap_handle(BS_CAP_TASK), 3), BS_INVALID);
  check_detail(BS_DETAIL_HANDLE_KIND, 0);
}

static void test_wait(void) {
  test_begin("task_wait, task_kill: time-outs, the caller itself, handles that are none");
  bs_handle task = spawn(waits_for_ever, 0);
  struct bs_task_end end;
  check_status(bs_task_wait(task, 0, &end), BS_WOULD_BLOCK);
  check_status(bs_task_wait(task, 1000, &end), BS_TIMEOUT);
  check_status(bs_task_wait(task, 1000, NULL), BS_INVALID);
  check_status(bs_task_wait(0, 0, &end), BS_INVALID);
  check_status(bs_task_wait(task ^ 1, 0, &end), BS_NOENT);
  check_status(bs_task_kill(0, 0), BS_INVALID);
  check_status(bs_task_kill(task, 0), BS_OK);
  check_end(task, BS_TASK_KILLED, 0);
  check_status(bs_task_kill(task, 0), BS_NOENT);
}

static void test_detached(void) {
  test_begin("task_spawn: a detached task needs no handle");
  shared = 0;
  uint64_t entry = (uint64_t)(uintptr_t)adds;
  check_status(bs_task_spawn(entry, 1, NULL, 0, BS_TASK_DETACHED, NULL), BS_OK);
  check_status(bs_task_spawn(entry, 1, NULL, 0, 0, NULL), BS_OK);
  while (shared < 2)
    check_status(bs_task_yield(), BS_OK);
}

static void test_stats(void) {
  test_begin("task_get_stats: of the caller");
  struct bs_task_stats before = {0}, after = {0};
  check_status(bs_task_get_stats(0, &before), BS_OK);
  check_status(bs_task_get_stats(0, &after), BS_OK);
  check(after.system_calls == before.system_calls + 1);
  check(after.cpu_time >= before.cpu_time);
  check_status(bs_task_get_stats(0, (struct bs_task_stats *)4), BS_INVALID);
}

static void keeps_numbers(uint64_t argument) {
  volatile double value = (double)argument;
  for (unsigned i = 0; i < 1000; i++) {
    double kept = value;
    bs_task_yield();
    if (kept != value) bs_task_exit(1);
    value = value + 1.5;
  }
  bs_task_exit(value == (double)argument + 1500.0 ? 0 : 2);
}

static void test_floats(void) {
  test_begin("floating point registers are each task's own");
  bs_handle tasks[3];
  for (unsigned i = 0; i < 3; i++)
    tasks[i] = spawn(keeps_numbers, i * 1000);
  for (unsigned i = 0; i < 3; i++)
    check_end(tasks[i], BS_TASK_EXITED, 0);
}

void test_tasks(void) {
  test_spawn();
  test_bad_spawn();
  test_full();
  test_preempt();
  test_priorities();
  test_wait();
  test_detached();
  test_stats();
  test_floats();
}
