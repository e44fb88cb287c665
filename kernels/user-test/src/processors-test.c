// Several processors at once: tasks that run side by side, memory that is taken away while another
// one uses it, channels and atomic numbers under load. With one processor the same is tested under
// preemption.
#include "check.h"
#include "subjects.h"

enum { PAGE = 4096, RW = BS_MEM_READ | BS_MEM_WRITE };

static uint64_t shared;

static uint64_t load(const uint64_t *from) {
  return __atomic_load_n(from, __ATOMIC_ACQUIRE);
}

static void answers(uint64_t argument) {
  __atomic_store_n(&shared, argument, __ATOMIC_RELEASE);
  bs_task_exit(0);
}

static void test_side_by_side(void) {
  test_begin("task_processors: with more than one, a task of low priority runs while we are busy");
  uint32_t processors = 0;
  check_status(bs_task_processors(&processors), BS_OK);
  check(processors >= 1 && processors <= 8);
  check_status(bs_task_processors(NULL), BS_INVALID);
  shared = 0;
  check_status(bs_task_set_priority(0, 6), BS_OK);
  bs_handle task = spawn(answers, 5);
  check_status(bs_task_set_priority(task, 0), BS_OK);
  // On one processor this would never end: nothing here gives way.
  while (processors > 1 && load(&shared) == 0) {
  }
  check_status(bs_task_set_priority(0, 3), BS_OK);
  check_end(task, BS_TASK_EXITED, 0);
  check(shared == 5);
}

enum { ADDERS = 4, ADDS = 20000 };

static void adds(uint64_t rounds) {
  for (uint64_t i = 0; i < rounds; i++) {
    __atomic_fetch_add(&shared, 1, __ATOMIC_ACQ_REL);
    if (i % 64 == 0) bs_task_yield();
  }
  bs_task_exit(0);
}

static void test_numbers(void) {
  test_begin("atomic additions of four tasks are all there");
  bs_handle tasks[ADDERS];
  shared = 0;
  for (unsigned i = 0; i < ADDERS; i++)
    tasks[i] = spawn(adds, ADDS);
  for (unsigned i = 0; i < ADDERS; i++)
    check_end(tasks[i], BS_TASK_EXITED, 0);
  check(shared == ADDERS * ADDS);
}

static bs_handle channel;
static uint64_t received_sum, received_count;

enum { SENDERS = 3, MESSAGES = 500 };

static void sends(uint64_t first) {
  for (uint64_t i = 0; i < MESSAGES; i++) {
    uint64_t value = first + i;
    if (bs_ipc_send(channel, &value, sizeof(value), 0) != BS_OK) bs_task_exit(1);
  }
  bs_task_exit(0);
}

static void receives(uint64_t argument) {
  (void)argument;
  uint64_t value, read;
  while (bs_ipc_recv(channel, &value, sizeof(value), &read, 0) == BS_OK) {
    __atomic_fetch_add(&received_sum, value, __ATOMIC_ACQ_REL);
    __atomic_fetch_add(&received_count, 1, __ATOMIC_ACQ_REL);
  }
  bs_task_exit(0);
}

static void test_channel(void) {
  test_begin("three senders and three receivers of one channel: each message arrives once");
  bs_handle senders[SENDERS], receivers[SENDERS];
  uint64_t sum = 0;
  received_sum = received_count = 0;
  check_status(bs_ipc_channel_create(0, &channel), BS_OK);
  for (unsigned i = 0; i < SENDERS; i++) {
    receivers[i] = spawn(receives, 0);
    senders[i] = spawn(sends, i * 100000);
    for (uint64_t j = 0; j < MESSAGES; j++)
      sum += i * 100000 + j;
  }
  for (unsigned i = 0; i < SENDERS; i++)
    check_end(senders[i], BS_TASK_EXITED, 0);
  while (load(&received_count) < SENDERS * MESSAGES)
    check_status(bs_task_yield(), BS_OK);
  check_status(bs_ipc_close(channel), BS_OK);
  for (unsigned i = 0; i < SENDERS; i++)
    check_end(receivers[i], BS_TASK_EXITED, 0);
  check(load(&received_sum) == sum && load(&received_count) == SENDERS * MESSAGES);
}

static void writes_on(uint64_t address) {
  volatile uint64_t *word = (volatile uint64_t *)(uintptr_t)address;
  for (;;)
    ++*word;
}

/** Starts a task that writes on and on, and waits until it does. */
static bs_handle start_writer(uint64_t address) {
  volatile uint64_t *word = (volatile uint64_t *)(uintptr_t)address;
  bs_handle task = spawn(writes_on, address);
  while (*word == 0)
    check_status(bs_task_yield(), BS_OK);
  return task;
}

static void test_taken_away(void) {
  test_begin("memory that is protected or freed while a task writes to it: no write comes later");
  for (unsigned i = 0; i < 30; i++) {
    uint64_t address = 0, again = 0;
    check_status(bs_mem_alloc(PAGE, RW, &address), BS_OK);
    bs_handle task = start_writer(address);
    if (i % 2 == 0) {
      check_status(bs_mem_map(address, PAGE, BS_MEM_READ), BS_OK);
      const volatile uint64_t *word = (const volatile uint64_t *)(uintptr_t)address;
      uint64_t seen = *word;
      check_end(task, BS_TASK_FAULTED, BS_FAULT_PAGE);
      check(*word == seen);
      check_status(bs_mem_free(address), BS_OK);
    } else {
      check_status(bs_mem_free(address), BS_OK);
      check_status(bs_mem_alloc(PAGE, RW, &again), BS_OK);
      check_end(task, BS_TASK_FAULTED, BS_FAULT_PAGE);
      check(*(volatile uint64_t *)(uintptr_t)again == 0);
      check_status(bs_mem_free(again), BS_OK);
    }
  }
}

static void spins_on(uint64_t argument) {
  (void)argument;
  for (;;)
    __atomic_fetch_add(&shared, 1, __ATOMIC_ACQ_REL);
}

static void test_kill(void) {
  test_begin("tasks are ended wherever they run");
  for (unsigned i = 0; i < 30; i++) {
    shared = 0;
    bs_handle tasks[3];
    for (unsigned j = 0; j < 3; j++)
      tasks[j] = spawn(spins_on, 0);
    while (load(&shared) == 0)
      check_status(bs_task_yield(), BS_OK);
    for (unsigned j = 0; j < 3; j++)
      check_status(bs_task_kill(tasks[j], (int32_t)j), BS_OK);
    for (unsigned j = 0; j < 3; j++)
      check_end(tasks[j], BS_TASK_KILLED, (int32_t)j);
  }
}

void test_processors(void) {
  test_side_by_side();
  test_numbers();
  test_channel();
  test_taken_away();
  test_kill();
}
