// Counts tests and prints their results.
#include "check.h"

static struct {
  const char *name;
  bool failed;
  unsigned count;
  unsigned failures;
  bs_handle console;
} tests;

static bs_handle caps[BS_CAP_ATOM + 1];

static size_t length_of(const char *text) {
  size_t length = 0;
  while (text[length] != 0)
    length++;
  return length;
}

static void print(const char *text) {
  uint64_t written;
  for (size_t left = length_of(text); left > 0; left -= written, text += written)
    if (bs_io_write(tests.console, text, left, &written) != BS_OK) return;
}

static void print_number(uint64_t value) {
  char digits[21] = {0};
  size_t at = 20;
  do
    digits[--at] = (char)('0' + value % 10);
  while ((value /= 10) != 0);
  print(digits + at);
}

bs_handle cap_handle(unsigned kind) {
  if (caps[kind] == 0) bs_cap_acquire(kind, &caps[kind]);
  return caps[kind];
}

void enter(uint32_t kinds) {
  bs_handle set[BS_MAX_ACTIVE_CAPS];
  uint32_t count = 0;
  for (unsigned kind = BS_CAP_LOG; kind <= BS_CAP_ATOM && count < BS_MAX_ACTIVE_CAPS; kind++)
    if ((kinds >> (kind - 1) & 1) != 0) set[count++] = cap_handle(kind);
  bs_cap_enter(set, count);
}

bool tests_begin(void) {
  enter(CAP(IO));
  return bs_io_open("console", BS_IO_FOR_WRITE, &tests.console) == BS_OK;
}

static void finish(void) {
  enter(CAP(IO));
  if (tests.name == NULL) return;
  tests.count++;
  tests.failures += tests.failed;
  print(tests.failed ? "not ok " : "ok ");
  print_number(tests.count);
  print(" - ");
  print(tests.name);
  print("\n");
}

/** What most tests need: all kinds that one call takes. */
static void enter_usual(void) {
  enter(CAP(LOG) | CAP(TIME) | CAP(TASK) | CAP(MEM) | CAP(IO) | CAP(IPC) | CAP(TRACE) | CAP(RNG));
}

void test_begin(const char *name) {
  finish();
  tests.name = name;
  tests.failed = false;
  enter_usual();
}

static void say_place(const char *what, const char *file, int line) {
  tests.failed = true;
  print("# ");
  print(file);
  print(":");
  print_number((uint64_t)line);
  print(": ");
  print(what);
}

void check_at(bool good, const char *what, const char *file, int line) {
  if (good) return;
  enter(CAP(IO));
  say_place(what, file, line);
  print("\n");
  enter_usual();
}

void check_status_at(bs_status got, bs_status wanted, const char *what, const char *file,
                     int line) {
  if (got == wanted) return;
  enter(CAP(IO));
  say_place(what, file, line);
  print(" answers ");
  print_number(got);
  print(", not ");
  print_number(wanted);
  print("\n");
  enter_usual();
}

unsigned tests_end(void) {
  finish();
  print("1..");
  print_number(tests.count);
  print("\n");
  return tests.failures;
}

bs_handle spawn(void (*entry)(uint64_t), uint64_t argument) {
  bs_handle task = 0, set[BS_MAX_ACTIVE_CAPS];
  static const unsigned kinds[] = {BS_CAP_LOG, BS_CAP_TIME, BS_CAP_TASK,  BS_CAP_MEM,
                                   BS_CAP_IO,  BS_CAP_IPC,  BS_CAP_TRACE, BS_CAP_RNG};
  for (unsigned i = 0; i < 8; i++)
    set[i] = cap_handle(kinds[i]);
  check_status(bs_task_spawn((uint64_t)(uintptr_t)entry, argument, set, 8, 0, &task), BS_OK);
  return task;
}

void check_end(bs_handle task, unsigned kind, int32_t code) {
  struct bs_task_end end = {0};
  check_status(bs_task_wait(task, UINT64_MAX, &end), BS_OK);
  check(end.kind == kind);
  check(end.code == code);
}

void check_detail(unsigned detail, uint64_t arg0) {
  struct bs_error_info error = {0};
  check_status(bs_err_get_last(&error), BS_OK);
  check(error.detail == detail);
  check(error.arg0 == arg0);
}
