// The clock, sleep, deadlines, entropy.
#include "check.h"
#include "subjects.h"

static void test_clock(void) {
  test_begin("time_now: never goes back; task_sleep: never too short");
  uint64_t before = 0, after = 0;
  check_status(bs_time_now(&before), BS_OK);
  check_status(bs_task_sleep(2000000), BS_OK);
  check_status(bs_time_now(&after), BS_OK);
  check(after >= before + 2000000);
  check_status(bs_task_sleep(0), BS_OK);
  check_status(bs_time_now(NULL), BS_INVALID);
  check_status(bs_time_now((uint64_t *)((uintptr_t)&before + 1)), BS_INVALID);
}

static void test_deadline(void) {
  test_begin("time_deadline: io_poll finds the earliest, a full table is refused");
  uint64_t now = 0;
  bs_handle timers[BS_MAX_TIMER_HANDLES], more = 0;
  check_status(bs_time_now(&now), BS_OK);
  for (unsigned i = 0; i < BS_MAX_TIMER_HANDLES; i++)
    check_status(bs_time_deadline(i == 5 ? now + 1000000 : UINT64_MAX, &timers[i]), BS_OK);
  check_status(bs_time_deadline(0, &more), BS_NOMEM);
  check_detail(BS_DETAIL_TABLE_FULL, BS_HANDLE_TIMER);
  struct bs_io_event events[BS_MAX_TIMER_HANDLES];
  uint32_t count = 0;
  check_status(bs_io_poll(timers, BS_MAX_TIMER_HANDLES, UINT64_MAX, events, &count), BS_OK);
  check(count == 1 && events[0].handle == timers[5] && events[0].events == BS_IO_READABLE);
  check_status(bs_time_now(&more), BS_OK);
  check(more >= now + 1000000);
  for (unsigned i = 0; i < BS_MAX_TIMER_HANDLES; i++)
    check_status(bs_io_close(timers[i]), BS_OK);
  check_status(bs_io_close(timers[0]), BS_NOENT);
}

static void test_entropy(void) {
  test_begin("rng_read: fills memory where the machine has entropy, else says so");
  uint64_t features = 0, words[4] = {0};
  check_status(bs_abi_features(&features), BS_OK);
  if ((features & BS_FEATURE_RNG) != 0) {
    check_status(bs_rng_read(words, 31), BS_OK);
    check(words[0] != 0 && words[1] != 0 && words[0] != words[1]);
    check((words[3] >> 56) == 0);
    check_status(bs_rng_read(words, 0), BS_OK);
    for (unsigned i = 0; i < 100; i++)
      check_status(bs_rng_read(words, 32), BS_OK);
  } else {
    check_status(bs_rng_read(words, 31), BS_UNSUPPORTED);
  }
  check_status(bs_rng_read(NULL, 8), BS_INVALID);
  check_status(bs_rng_read(words, 65537), BS_INVALID);
  check_detail(BS_DETAIL_LENGTH, 0);
}

void test_time(void) {
  test_clock();
  test_deadline();
  test_entropy();
}
