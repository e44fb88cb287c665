// Runs all subjects in order.
#include "kernel/self-test.h"

#include "check.h"
#include "kernel/entry.h"
#include "subjects.h"

unsigned kernel_self_test(const struct boot_info *boot) {
  provoke(boot);
  test_frames();
  test_memory();
  test_time();
  test_processors();
  test_devices(boot);
  return tests_end() == 0 ? EXIT_DONE : EXIT_FAILED;
}
