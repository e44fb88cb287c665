// A capability's handle is tag, kind (bits 48 to 55) and the generation of its kind in the process.
#include "capabilities.h"

#include "errors.h"
#include "handles.h"
#include "user-memory.h"

enum { KIND_SHIFT = 48, TAG_SHIFT = 56 };

bs_handle capability_grant(struct task *task, unsigned kind) {
  task->process->acquired |= 1u << (kind - 1);
  task->allowed |= 1u << (kind - 1);
  return capability_handle(task->process, kind);
}

bs_handle capability_handle(const struct process *process, unsigned kind) {
  return (uint64_t)BS_HANDLE_CAP << TAG_SHIFT | (uint64_t)kind << KIND_SHIFT |
         process->capability_generations[kind];
}

unsigned capability_kind(const struct process *process, bs_handle handle) {
  unsigned kind = (unsigned)(handle >> KIND_SHIFT & 0xff);
  bool valid = kind >= BS_CAP_LOG && kind <= BS_CAP_ATOM &&
               (process->acquired >> (kind - 1) & 1) != 0 &&
               handle == capability_handle(process, kind);
  return valid ? kind : 0;
}

void capability_drop(struct process *process, unsigned kind) {
  process->capability_generations[kind]++;
  process->acquired &= ~(1u << (kind - 1));
  tasks_deactivate(process, ~(1u << (kind - 1)));
}

bs_status capability_set(struct task *task, vaddr handles, uint64_t count, unsigned argument,
                         uint32_t *out) {
  bs_handle copies[BS_MAX_ACTIVE_CAPS];
  bs_status status = user_read(task->process, copies, handles, count * sizeof(bs_handle));
  if (status != BS_OK) return task_fails(task, status, BS_DETAIL_ADDRESS, argument, handles);
  uint32_t set = 0;
  for (uint64_t i = 0; i < count; i++) {
    if (handle_tag(copies[i]) != BS_HANDLE_CAP)
      return task_fails(task, BS_INVALID, BS_DETAIL_HANDLE_KIND, argument, copies[i]);
    unsigned kind = capability_kind(task->process, copies[i]);
    if (kind == 0) return task_fails(task, BS_NOENT, BS_DETAIL_HANDLE_STALE, argument, copies[i]);
    set |= 1u << (kind - 1);
  }
  *out = set;
  return BS_OK;
}
