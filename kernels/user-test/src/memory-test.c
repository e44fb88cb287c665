// Memory: given zeroed, protected as asked, taken back, and never both written and executed.
#include "check.h"
#include "subjects.h"

enum { PAGE = 4096, RW = BS_MEM_READ | BS_MEM_WRITE };

static void test_alloc(void) {
  test_begin("mem_alloc, mem_free: zeroed pages, given back, and then no longer there");
  uint64_t address = 0, other = 0;
  check_status(bs_mem_alloc(3 * PAGE + 1, RW, &address), BS_OK);
  check(address % PAGE == 0);
  volatile uint8_t *bytes = (volatile uint8_t *)(uintptr_t)address;
  bool zero = true;
  for (unsigned i = 0; i < 4 * PAGE; i++)
    zero &= bytes[i] == 0;
  check(zero);
  bytes[0] = 1;
  bytes[4 * PAGE - 1] = 2;
  check_status(bs_mem_alloc(1, RW, &other), BS_OK);
  check(other >= address + 5 * PAGE || other + 2 * PAGE <= address);
  check_status(bs_mem_free(address + PAGE), BS_NOENT);
  check_status(bs_mem_free(address), BS_OK);
  check_status(bs_mem_free(address), BS_NOENT);
  check_status(bs_abi_features((uint64_t *)(uintptr_t)address), BS_INVALID);
  check_status(bs_mem_free(other), BS_OK);
}

static void test_refused(void) {
  test_begin("mem_alloc, mem_free: sizes, flags and addresses that are refused");
  uint64_t address = 5;
  check_status(bs_mem_alloc(0, RW, &address), BS_INVALID);
  check_status(bs_mem_alloc(PAGE, RW | BS_MEM_EXEC, &address), BS_INVALID);
  check_status(bs_mem_alloc(PAGE, 8, &address), BS_INVALID);
  check_status(bs_mem_alloc(UINT64_MAX, RW, &address), BS_NOMEM);
  check_status(bs_mem_alloc(UINT64_MAX - PAGE, RW, &address), BS_NOMEM);
  check_status(bs_mem_alloc(UINT64_C(1) << 32, RW, &address), BS_NOMEM);
  check(address == 5);
  check_status(bs_mem_alloc(PAGE, RW, NULL), BS_INVALID);
  check_status(bs_mem_free(0), BS_NOENT);
  check_status(bs_mem_free((uint64_t)(uintptr_t)test_refused & ~UINT64_C(4095)), BS_NOENT);
  check_status(bs_mem_free((uint64_t)(uintptr_t)&address & ~UINT64_C(4095)), BS_NOENT);
}

static void test_all(void) {
  test_begin("mem_alloc: memory ends without harm, and comes back whole");
  uint64_t addresses[64], count = 0, again = 0;
  while (count < 64 && bs_mem_alloc(256 * 1024, RW, &addresses[count]) == BS_OK)
    count++;
  check(count > 4);
  for (uint64_t i = 0; i < count; i++)
    check_status(bs_mem_free(addresses[i]), BS_OK);
  // Other addresses take other page tables, which stay: a part of the last one.
  for (uint64_t i = 1; i < count; i++)
    check_status(bs_mem_alloc(256 * 1024, RW, &addresses[i]), BS_OK);
  for (uint64_t i = 1; i < count; i++)
    check_status(bs_mem_free(addresses[i]), BS_OK);
  check_status(bs_mem_alloc(1, RW, &again), BS_OK);
  check_status(bs_mem_free(again), BS_OK);
}

static void writes_to(uint64_t address) {
  *(volatile uint8_t *)(uintptr_t)address = 1;
  bs_task_exit(0);
}

static void test_map(void) {
  test_begin("mem_map: pages change what may be done with them");
  uint64_t address = 0, features;
  check_status(bs_mem_alloc(4 * PAGE, RW, &address), BS_OK);
  check_status(bs_mem_map(address + PAGE, PAGE, BS_MEM_READ), BS_OK);
  check_end(spawn(writes_to, address), BS_TASK_EXITED, 0);
  check_end(spawn(writes_to, address + PAGE), BS_TASK_FAULTED, BS_FAULT_PAGE);
  check_end(spawn(writes_to, address + 2 * PAGE), BS_TASK_EXITED, 0);
  check_status(bs_abi_features((uint64_t *)(uintptr_t)(address + PAGE)), BS_INVALID);
  check_status(bs_abi_features((uint64_t *)(uintptr_t)(address + 2 * PAGE)), BS_OK);
  check_status(bs_abi_features((uint64_t *)(uintptr_t)(address + 4 * PAGE)), BS_INVALID);
  check_status(bs_abi_features(&features), BS_OK);
  check_status(bs_mem_map(address, 4 * PAGE, RW | BS_MEM_EXEC), BS_INVALID);
  check_status(bs_mem_map(address, 5 * PAGE, RW), BS_NOENT);
  check_status(bs_mem_map(address, UINT64_MAX - 4095, RW), BS_NOENT);
  check_status(bs_mem_map(address, 0, RW), BS_INVALID);
  check_status(bs_mem_map(address, 1, RW), BS_INVALID);
  check_status(bs_mem_map(address + 1, PAGE, RW), BS_INVALID);
  check_status(bs_mem_map(0x100000, PAGE, RW), BS_NOENT);
  check_status(bs_mem_map((uint64_t)(uintptr_t)test_map & ~UINT64_C(4095), PAGE, RW), BS_NOENT);
  check_status(bs_mem_free(address), BS_OK);
}

static void test_share(void) {
  test_begin(
      "mem_share, mem_attach, mem_unshare: one memory at two addresses, as long as it is used");
  uint64_t first = 0, second = 0, third = 0;
  bs_handle shared = 0;
  check_status(bs_mem_alloc(3 * PAGE, RW, &first), BS_OK);
  *(volatile uint64_t *)(uintptr_t)first = 42;
  check_status(bs_mem_share(first, 3 * PAGE, &shared), BS_OK);
  check_status(bs_mem_attach(shared, BS_MEM_READ, &second), BS_OK);
  check_status(bs_mem_attach(shared, RW, &third), BS_OK);
  check(*(volatile uint64_t *)(uintptr_t)second == 42);
  *(volatile uint64_t *)(uintptr_t)(third + 2 * PAGE) = 43;
  check(*(volatile uint64_t *)(uintptr_t)(first + 2 * PAGE) == 43);
  check_end(spawn(writes_to, second), BS_TASK_FAULTED, BS_FAULT_PAGE);
  check_status(bs_mem_free(first), BS_OK);
  check_status(bs_mem_unshare(shared), BS_OK);
  check_status(bs_mem_unshare(shared), BS_NOENT);
  check(*(volatile uint64_t *)(uintptr_t)(second + 2 * PAGE) == 43);
  check_status(bs_mem_free(second), BS_OK);
  check_status(bs_mem_free(third), BS_OK);
  check_end(spawn(writes_to, third), BS_TASK_FAULTED, BS_FAULT_PAGE);
}

static void test_share_refused(void) {
  test_begin("mem_share, mem_attach: what is no allocation, wrong sizes, a full table");
  uint64_t address = 0, other = 0;
  bs_handle many[BS_MAX_MEMORY_HANDLES], more = 0;
  check_status(bs_mem_alloc(2 * PAGE, RW, &address), BS_OK);
  check_status(bs_mem_share(address, 3 * PAGE, &more), BS_NOENT);
  check_status(bs_mem_share(address, PAGE, &more), BS_NOENT);
  check_status(bs_mem_share(address, 0, &more), BS_NOENT);
  check_status(bs_mem_share(address, UINT64_MAX, &more), BS_NOENT);
  check_status(bs_mem_share(address + PAGE, PAGE, &more), BS_NOENT);
  check_status(bs_mem_share(0x100000, PAGE, &more), BS_NOENT);
  check_status(bs_mem_share((uint64_t)(uintptr_t)test_share & ~UINT64_C(4095), PAGE, &more),
               BS_NOENT);
  for (unsigned i = 0; i < BS_MAX_MEMORY_HANDLES; i++)
    check_status(bs_mem_share(address, PAGE + 1, &many[i]), BS_OK);
  check_status(bs_mem_share(address, 2 * PAGE, &more), BS_NOMEM);
  check_detail(BS_DETAIL_TABLE_FULL, BS_HANDLE_MEMORY);
  check_status(bs_mem_attach(many[0], RW | BS_MEM_EXEC, &other), BS_INVALID);
  check_status(bs_mem_attach(many[0] ^ 1, RW, &other), BS_NOENT);
  check_status(bs_mem_attach(cap_handle(BS_CAP_MEM), RW, &other), BS_INVALID);
  for (unsigned i = 0; i < BS_MAX_MEMORY_HANDLES; i++)
    check_status(bs_mem_unshare(many[i]), BS_OK);
  check_status(bs_mem_free(address), BS_OK);
}

void test_memory(void) {
  test_alloc();
  test_refused();
  test_all();
  test_map();
  test_share();
  test_share_refused();
}
