// Calls of memory.
#include "calls.h"
#include "errors.h"
#include "handles.h"
#include "kernel-lock.h"
#include "shared-memory.h"
#include "user-memory.h"

_Static_assert(BS_MEM_READ == ACCESS_READ, "flags of the ABI are those of the kernel");
_Static_assert(BS_MEM_WRITE == ACCESS_WRITE, "flags of the ABI are those of the kernel");
_Static_assert(BS_MEM_EXEC == ACCESS_EXECUTE, "flags of the ABI are those of the kernel");

static bool writes_and_executes(uint64_t flags) {
  return (flags & ACCESS_WRITE) != 0 && (flags & ACCESS_EXECUTE) != 0;
}

bs_status call_mem_alloc(struct task *task, const uint64_t *arguments) {
  uint64_t bytes = arguments[0];
  if (bytes == 0) return task_fails(task, BS_INVALID, BS_DETAIL_VALUE, 0, bytes);
  if (writes_and_executes(arguments[1]))
    return task_fails(task, BS_INVALID, BS_DETAIL_VALUE, 1, arguments[1]);
  vaddr address;
  if (bytes > ALLOCATION_MAX ||
      process_map(task->process, 0, (bytes + PAGE_BYTES - 1) / PAGE_BYTES,
                  (unsigned)arguments[1] | ACCESS_READ, true, &address) != BS_OK)
    return task_fails(task, BS_NOMEM, BS_DETAIL_MEMORY, 0, bytes);
  return user_write(task->process, arguments[2], &address, sizeof(address));
}

bs_status call_mem_free(struct task *task, const uint64_t *arguments) {
  struct region *region = process_region(task->process, arguments[0]);
  if (region == NULL || region->start != arguments[0] || !region->of_program)
    return task_fails(task, BS_NOENT, BS_DETAIL_ADDRESS, 0, arguments[0]);
  process_unmap(task->process, region);
  return BS_OK;
}

bs_status call_mem_map(struct task *task, const uint64_t *arguments) {
  vaddr start = arguments[0];
  uint64_t bytes = arguments[1];
  if (start % PAGE_BYTES != 0 || bytes % PAGE_BYTES != 0 || bytes == 0)
    return task_fails(task, BS_INVALID, BS_DETAIL_VALUE, start % PAGE_BYTES != 0 ? 0 : 1, bytes);
  if (writes_and_executes(arguments[2]))
    return task_fails(task, BS_INVALID, BS_DETAIL_VALUE, 2, arguments[2]);
  const struct region *region = process_region(task->process, start);
  if (region == NULL || !region->of_program ||
      bytes > region->pages * PAGE_BYTES - (start - region->start))
    return task_fails(task, BS_NOENT, BS_DETAIL_ADDRESS, 0, start);
  for (uint64_t at = 0; at < bytes; at += PAGE_BYTES)
    arch_space_protect(task->process->space, start + at, (unsigned)arguments[2] | ACCESS_READ);
  kernel_forget_space(task->process);
  return BS_OK;
}

bs_status call_mem_share(struct task *task, const uint64_t *arguments) {
  struct region *region = process_region(task->process, arguments[0]);
  uint64_t bytes = arguments[1];
  if (region == NULL || region->start != arguments[0] || !region->of_program ||
      bytes > region->pages * PAGE_BYTES || bytes + PAGE_BYTES <= region->pages * PAGE_BYTES)
    return task_fails(task, BS_NOENT, BS_DETAIL_ADDRESS, 0, arguments[0]);
  struct shared_memory *shared;
  if (shared_memory_of(task->process, region, &shared) != BS_OK)
    return task_fails(task, BS_NOMEM, BS_DETAIL_MEMORY, 0, 0);
  bs_handle handle;
  bs_status status = handle_open(task, BS_HANDLE_MEMORY, shared, &handle);
  if (status != BS_OK) {
    shared_memory_release(shared);
    return status;
  }
  return user_write(task->process, arguments[2], &handle, sizeof(handle));
}

bs_status call_mem_unshare(struct task *task, const uint64_t *arguments) {
  handle_close(task->process, arguments[0]);
  return BS_OK;
}

bs_status call_mem_attach(struct task *task, const uint64_t *arguments) {
  bool stale;
  struct shared_memory *shared =
      handle_object(task->process, arguments[0], 1u << BS_HANDLE_MEMORY, &stale);
  if (writes_and_executes(arguments[1]))
    return task_fails(task, BS_INVALID, BS_DETAIL_VALUE, 1, arguments[1]);
  vaddr address;
  unsigned access = (unsigned)arguments[1] | ACCESS_READ;
  if (process_attach(task->process, shared, access, &address) != BS_OK)
    return task_fails(task, BS_NOMEM, BS_DETAIL_MEMORY, 0, 0);
  return user_write(task->process, arguments[2], &address, sizeof(address));
}
