// Calls of capabilities.
#include "calls.h"
#include "capabilities.h"
#include "errors.h"
#include "user-memory.h"

bs_status call_cap_acquire(struct task *task, const uint64_t *arguments) {
  unsigned kind = (unsigned)arguments[0];
  if (((task->process->policy & task->allowed) >> (kind - 1) & 1) == 0)
    return task_fails(task, BS_PERMISSION, BS_DETAIL_CAPABILITY, kind, 0);
  bs_handle handle = capability_grant(task, kind);
  return user_write(task->process, arguments[1], &handle, sizeof(handle));
}

bs_status call_cap_drop(struct task *task, const uint64_t *arguments) {
  capability_drop(task->process, capability_kind(task->process, arguments[0]));
  return BS_OK;
}

bs_status call_cap_enter(struct task *task, const uint64_t *arguments) {
  uint32_t set;
  bs_status status = capability_set(task, arguments[0], arguments[1], 0, &set);
  if (status != BS_OK) return status;
  if ((set & ~task->allowed) != 0)
    return task_fails(task, BS_PERMISSION, BS_DETAIL_CAPABILITY, set & ~task->allowed, 0);
  task->capabilities = set;
  return BS_OK;
}

bs_status call_cap_exit(struct task *task, const uint64_t *arguments) {
  (void)arguments;
  task->capabilities = 0;
  return BS_OK;
}
