// Every call with words that mean nothing: whatever a program passes, it gets an answer and the
// kernel stays well.
#include "check.h"
#include "subjects.h"

/** Calls that end or stop the caller when they are done. */
static bool is_left_out(uint64_t number) {
  return number == BS_CALL_TASK_EXIT || number == BS_CALL_TASK_SLEEP || number == BS_CALL_IO_POLL ||
         number == BS_CALL_TASK_WAIT;
}

static const uint64_t words[] = {
    0,
    1,
    7,
    4096,
    0x100000,
    UINT64_C(0x8000400000),
    UINT64_C(0x8000400001),
    UINT64_C(1) << 39,
    (UINT64_C(1) << 39) - 8,
    (UINT64_C(1) << 47) - 4096,
    (UINT64_C(1) << 47) - 8,
    UINT64_C(0xffff800000000000),
    UINT64_MAX - 7,
    UINT64_MAX,
    UINT64_C(0x0100000000000001),
    UINT64_C(0x0200000000000001),
    UINT64_C(0x0500000000000000),
    UINT64_C(0x0501000000000000),
};

enum { WORDS = sizeof(words) / sizeof(words[0]) };

/** The next of a fixed sequence of numbers (Numerical Recipes, chapter 7). */
static uint64_t next(uint64_t *state) {
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return *state >> 33;
}

static void tries_words(uint64_t seed) {
  uint64_t state = seed;
  for (unsigned i = 0; i < 20000; i++) {
    uint64_t number = next(&state) % (BS_CALL_COUNT + 2), a[6];
    for (unsigned j = 0; j < 6; j++)
      a[j] = words[next(&state) % WORDS];
    if (!is_left_out(number)) bs_system_call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  }
  bs_task_exit(0);
}

static void test_words(void) {
  test_begin("20000 calls with words that mean nothing: answers, and the kernel is well");
  // The task may drop capabilities of the process, so that this is the last test that has them.
  struct bs_task_end end = {0};
  bs_handle task = spawn(tries_words, 1);
  check_status(bs_task_wait(task, UINT64_MAX, &end), BS_OK);
  check(end.kind == BS_TASK_EXITED && end.code == 0);
}

static void test_permissions(void) {
  test_begin("without capabilities every call that takes one is refused before all else");
  static const uint8_t free_calls[] = {
      BS_CALL_ABI_VERSION, BS_CALL_ABI_FEATURES, BS_CALL_ABI_FEATURE_ENABLED,
      BS_CALL_CAP_ACQUIRE, BS_CALL_CAP_DROP,     BS_CALL_CAP_ENTER,
      BS_CALL_CAP_EXIT,    BS_CALL_TASK_EXIT,    BS_CALL_ERR_GET_LAST};
  bs_cap_exit();
  unsigned refused = 0, others = 0;
  for (uint64_t number = 0; number < BS_CALL_COUNT; number++) {
    bool free = false;
    for (unsigned i = 0; i < sizeof(free_calls); i++)
      free |= free_calls[i] == number;
    if (free) continue;
    uint64_t status = bs_system_call(number, 0, 0, 0, 0, 0, 0);
    refused += status == BS_PERMISSION;
    others += status != BS_PERMISSION && status != BS_UNSUPPORTED;
  }
  check(others == 0);
  check(refused >= 26);
}

void test_refusals(void) {
  test_permissions();
  test_words();
}
