// Capabilities: what is not active is refused, what is dropped is stale, children get no more.
#include "check.h"
#include "subjects.h"

static void test_enter(void) {
  test_begin("cap_enter, cap_exit: only what is active is allowed");
  uint64_t now;
  enter(CAP(TIME));
  check_status(bs_time_now(&now), BS_OK);
  check_status(bs_task_yield(), BS_PERMISSION);
  check_detail(BS_DETAIL_CAPABILITY, BS_CAP_TASK);
  check_status(bs_cap_exit(), BS_OK);
  check_status(bs_time_now(&now), BS_PERMISSION);
  check_detail(BS_DETAIL_CAPABILITY, BS_CAP_TIME);
  enter(CAP(TASK));
  check_status(bs_time_now(&now), BS_PERMISSION);
  check_status(bs_task_yield(), BS_OK);
}

static void test_bad(void) {
  test_begin("cap_acquire, cap_enter: kinds, handles and counts that there are not");
  bs_handle cap = 0;
  check_status(bs_cap_acquire(0, &cap), BS_INVALID);
  check_status(bs_cap_acquire(BS_CAP_ATOM + 1, &cap), BS_INVALID);
  check_status(bs_cap_acquire(64 + BS_CAP_LOG, &cap), BS_INVALID);
  check_detail(BS_DETAIL_VALUE, 0);
  bs_handle caps[9] = {cap_handle(BS_CAP_TIME), 0};
  check_status(bs_cap_enter(caps, 2), BS_INVALID);
  check_detail(BS_DETAIL_HANDLE_KIND, 0);
  caps[1] = caps[0] + 1;
  check_status(bs_cap_enter(caps, 2), BS_NOENT);
  check_detail(BS_DETAIL_HANDLE_STALE, 0);
  check_status(bs_cap_enter(caps, 9), BS_INVALID);
  check_status(bs_cap_enter(NULL, 1), BS_INVALID);
  check_status(bs_cap_enter(NULL, 0), BS_OK);
  enter(CAP(TIME));
  caps[1] = 0;
  check_status(bs_cap_enter(caps, 2), BS_INVALID);
  uint64_t now;
  check_status(bs_time_now(&now), BS_OK);
}

static void test_drop(void) {
  test_begin("cap_drop: older handles are stale, the kind is no longer active, a new one works");
  bs_handle old = 0, other = 0;
  check_status(bs_cap_acquire(BS_CAP_NET, &old), BS_OK);
  check_status(bs_cap_acquire(BS_CAP_NET, &other), BS_OK);
  check_status(bs_cap_enter(&old, 1), BS_OK);
  check_status(bs_cap_drop(old), BS_OK);
  check_status(bs_cap_enter(&old, 1), BS_NOENT);
  check_status(bs_cap_enter(&other, 1), BS_NOENT);
  check_status(bs_cap_drop(old), BS_NOENT);
  check_status(bs_cap_drop(0), BS_INVALID);
  check_status(bs_cap_acquire(BS_CAP_NET, &other), BS_OK);
  check(other != old);
  check_status(bs_cap_enter(&other, 1), BS_OK);
}

static void child_asks_for_more(uint64_t kind) {
  bs_handle cap = 0;
  uint64_t now;
  bool good = bs_time_now(&now) == BS_OK && bs_task_yield() == BS_PERMISSION &&
              bs_cap_acquire((uint32_t)kind, &cap) == BS_PERMISSION;
  cap = cap_handle((unsigned)kind);
  good = good && bs_cap_enter(&cap, 1) == BS_PERMISSION && bs_time_now(&now) == BS_OK;
  bs_task_exit(good ? 7 : 8);
}

static void test_child(void) {
  test_begin("task_spawn: a child has the subset that it was given and gets no more");
  bs_handle caps[2] = {cap_handle(BS_CAP_TIME), cap_handle(BS_CAP_ATOM)}, task = 0;
  uint64_t entry = (uint64_t)(uintptr_t)child_asks_for_more;
  check_status(bs_task_spawn(entry, BS_CAP_IO, caps, 1, 0, &task), BS_OK);
  check_end(task, BS_TASK_EXITED, 7);
  check_status(bs_task_spawn(entry, BS_CAP_IO, caps, 2, 0, &task), BS_PERMISSION);
  check_detail(BS_DETAIL_CAPABILITY, CAP(ATOM));
}

void test_capabilities(void) {
  test_enter();
  test_bad();
  test_drop();
  test_child();
}
