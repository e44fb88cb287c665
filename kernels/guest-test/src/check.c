// Counts tests and prints their results.
#include "check.h"

#include "kernel/log.h"

#include <stddef.h>

static struct {
  const char *name;
  bool failed;
  unsigned count;
  unsigned failures;
} tests;

static void finish(void) {
  if (tests.name == NULL) return;
  tests.count++;
  tests.failures += tests.failed;
  log_text("%sok %u - %s\n", tests.failed ? "not " : "", tests.count, tests.name);
}

void test_begin(const char *name) {
  finish();
  tests.name = name;
  tests.failed = false;
}

void check_at(bool good, const char *what, const char *file, int line) {
  if (good) return;
  tests.failed = true;
  log_text("# %s:%d: %s\n", file, line, what);
}

unsigned tests_end(void) {
  finish();
  log_text("1..%u\n", tests.count);
  return tests.failures;
}
