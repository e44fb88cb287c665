// Calls of time and of entropy.
#include "calls.h"
#include "deadline.h"
#include "errors.h"
#include "handles.h"
#include "random.h"
#include "user-memory.h"

bs_status call_time_now(struct task *task, const uint64_t *arguments) {
  uint64_t now = arch_clock();
  return user_write(task->process, arguments[0], &now, sizeof(now));
}

bs_status call_time_deadline(struct task *task, const uint64_t *arguments) {
  struct deadline *deadline = object_take();
  if (deadline == NULL) return task_fails(task, BS_NOMEM, BS_DETAIL_MEMORY, 0, 0);
  deadline->time = arguments[0];
  bs_handle handle;
  bs_status status = handle_open(task, BS_HANDLE_TIMER, deadline, &handle);
  if (status != BS_OK) {
    deadline_release(deadline);
    return status;
  }
  return user_write(task->process, arguments[1], &handle, sizeof(handle));
}

bs_status call_rng_read(struct task *task, const uint64_t *arguments) {
  uint8_t bytes[256];
  vaddr to = arguments[0];
  bs_status status = BS_OK;
  for (uint64_t left = arguments[1]; left > 0 && status == BS_OK;) {
    size_t part = left < sizeof(bytes) ? (size_t)left : sizeof(bytes);
    if (!random_fill(bytes, part)) return BS_UNSUPPORTED;
    status = user_write(task->process, to, bytes, part);
    to += part;
    left -= part;
  }
  return status;
}
