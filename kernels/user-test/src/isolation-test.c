// Isolation: whatever a task does to memory or the processor, it ends alone, and the kernel says
// how.
#include "check.h"
#include "subjects.h"

static const uint64_t constant = 7;

static void reads(uint64_t address) {
  bs_task_exit((int32_t) * (volatile uint8_t *)(uintptr_t)address);
}

static void writes(uint64_t address) {
  *(volatile uint8_t *)(uintptr_t)address = 1;
  bs_task_exit(0);
}

static void executes(uint64_t address) {
  ((void (*)(void))(uintptr_t)address)();
  bs_task_exit(0);
}

static void check_faults(void (*entry)(uint64_t), uint64_t address) {
  struct bs_task_end end = {0};
  check_status(bs_task_wait(spawn(entry, address), UINT64_MAX, &end), BS_OK);
  check(end.kind == BS_TASK_FAULTED);
  check(end.code == BS_FAULT_PAGE || end.code == BS_FAULT_OTHER);
  check(end.code != BS_FAULT_PAGE || end.address == address);
}

static void test_addresses(void) {
  test_begin("reading, writing, executing what is not the task's ends the task alone");
  static const uint64_t kernel[] = {
      0, 8, 0x100000, 0x101000, 0x40200000, 0xfee00000, UINT64_C(0xffff800000000000), UINT64_MAX};
  for (unsigned i = 0; i < sizeof(kernel) / sizeof(kernel[0]); i++) {
    check_faults(reads, kernel[i]);
    check_faults(writes, kernel[i]);
    check_faults(executes, kernel[i]);
  }
}

static void test_protection(void) {
  test_begin("text and constants are not written, data and stack are not executed");
  uint64_t local = 0;
  static uint64_t variable = 1;
  check_faults(writes, (uint64_t)(uintptr_t)&constant);
  check_faults(writes, (uint64_t)(uintptr_t)writes);
  check_faults(executes, (uint64_t)(uintptr_t)&variable);
  check_faults(executes, (uint64_t)(uintptr_t)&local);
  check_faults(executes, (uint64_t)(uintptr_t)&constant);
}

static uint64_t deeper(volatile uint64_t depth) {
  volatile uint8_t room[512];
  room[0] = (uint8_t)depth;
  return depth == UINT64_MAX ? 0 : deeper(depth + 1) + room[0];
}

static void overflows(uint64_t argument) {
  bs_task_exit((int32_t)deeper(argument));
}

static void test_stack(void) {
  test_begin("a stack that overflows ends its task at the absent page");
  struct bs_task_end end = {0};
  check_status(bs_task_wait(spawn(overflows, 0), UINT64_MAX, &end), BS_OK);
  check(end.kind == BS_TASK_FAULTED && end.code == BS_FAULT_PAGE);
}

static void traps(uint64_t argument) {
  (void)argument;
  __builtin_trap();
}

static void test_instruction(void) {
  test_begin("an instruction that is not allowed ends its task");
  struct bs_task_end end = {0};
  check_status(bs_task_wait(spawn(traps, 0), UINT64_MAX, &end), BS_OK);
  check(end.kind == BS_TASK_FAULTED);
  check(end.code == BS_FAULT_INSTRUCTION || end.code == BS_FAULT_BREAKPOINT);
}

static void test_many(void) {
  test_begin("a thousand tasks fault, and no memory is lost");
  for (unsigned i = 0; i < 1000; i++) {
    struct bs_task_end end = {0};
    bs_handle task = spawn(writes, 0);
    check_status(bs_task_wait(task, UINT64_MAX, &end), BS_OK);
    check(end.kind == BS_TASK_FAULTED);
  }
}

void test_isolation(void) {
  test_addresses();
  test_protection();
  test_stack();
  test_instruction();
  test_many();
}
