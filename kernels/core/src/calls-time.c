// Calls of time and of entropy.
#include "calls.h"
#include "deadline.h"
#include "errors.h"
#include "handles.h"
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
  vaddr to = arguments[0];
  for (uint64_t left = arguments[1]; left > 0;) {
    uint64_t word;
    if (!arch_random(&word)) return BS_UNSUPPORTED;
    size_t part = left < sizeof(word) ? (size_t)left : sizeof(word);
    bs_status status = user_write(task->process, to, &word, part);
    if (status != BS_OK) return status;
    to += part;
    left -= part;
  }
  return BS_OK;
}
