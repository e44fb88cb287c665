// Runs all subjects in order; the code of the workload says whether all went well.
#include "check.h"
#include "subjects.h"

int main(uint64_t argument) {
  (void)argument;
  if (!tests_begin()) return 2;
  test_abi();
  test_capabilities();
  test_tasks();
  test_isolation();
  test_time();
  test_memory();
  test_io();
  test_channels();
  test_files();
  test_network();
  test_log();
  test_processors();
  test_refusals();
  return tests_end() == 0 ? 0 : 1;
}
