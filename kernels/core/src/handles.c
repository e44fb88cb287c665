// The handle table of a process. A handle is tag, index and generation; a place that is used again
// has another generation, so that a stale handle never means a new object.
#include "handles.h"

#include "channel.h"
#include "deadline.h"
#include "device.h"
#include "errors.h"
#include "shared-memory.h"
#include "socket.h"
#include "span.h"

enum { TAG_SHIFT = 56, INDEX_SHIFT = 32, INDEX_MASK = 0xffff };

/** Of each kind: how many a process may have, and what gives the reference of a handle back. */
static const struct {
  unsigned max;
  void (*release)(void *object);
} kinds[16] = {
    [BS_HANDLE_TASK] = {BS_MAX_TASK_HANDLES, task_handle_release},
    [BS_HANDLE_IO] = {BS_MAX_IO_HANDLES, device_release},
    [BS_HANDLE_IPC] = {BS_MAX_IPC_HANDLES, channel_release},
    [BS_HANDLE_NET] = {BS_MAX_NET_HANDLES, socket_release},
    [BS_HANDLE_SPAN] = {BS_MAX_SPAN_HANDLES, span_release},
    [BS_HANDLE_MEMORY] = {BS_MAX_MEMORY_HANDLES, shared_memory_release},
    [BS_HANDLE_TIMER] = {BS_MAX_TIMER_HANDLES, deadline_release},
};

unsigned handle_tag(bs_handle handle) {
  return (unsigned)(handle >> TAG_SHIFT);
}

bs_status handle_open(struct task *task, unsigned tag, void *object, bs_handle *out) {
  struct process *process = task->process;
  if (process->open[tag] >= kinds[tag].max)
    return task_fails(task, BS_NOMEM, BS_DETAIL_TABLE_FULL, tag, process->open[tag]);
  for (uint64_t i = 0; i < HANDLES_MAX; i++) {
    struct handle_entry *entry = &process->handles[i];
    if (entry->tag != 0) continue;
    entry->tag = (uint8_t)tag;
    entry->generation++;
    entry->object = object;
    process->open[tag]++;
    *out = (uint64_t)tag << TAG_SHIFT | i << INDEX_SHIFT | entry->generation;
    return BS_OK;
  }
  return task_fails(task, BS_NOMEM, BS_DETAIL_TABLE_FULL, tag, process->open[tag]);
}

void *handle_object(const struct process *process, bs_handle handle, uint64_t tags, bool *stale) {
  unsigned tag = handle_tag(handle);
  *stale = tag < 16 && (tags >> tag & 1) != 0;
  uint64_t index = handle >> INDEX_SHIFT & INDEX_MASK;
  if (!*stale || index >= HANDLES_MAX || (handle >> 48 & 0xff) != 0) return NULL;
  const struct handle_entry *entry = &process->handles[index];
  return entry->tag == tag && entry->generation == (uint32_t)handle ? entry->object : NULL;
}

void handle_release_object(unsigned tag, void *object) {
  kinds[tag].release(object);
}

static void close_entry(struct process *process, struct handle_entry *entry) {
  unsigned tag = entry->tag;
  entry->tag = 0;
  process->open[tag]--;
  kinds[tag].release(entry->object);
}

void handle_close(struct process *process, bs_handle handle) {
  close_entry(process, &process->handles[handle >> INDEX_SHIFT & INDEX_MASK]);
}

void handles_close_all(struct process *process) {
  for (unsigned i = 0; i < HANDLES_MAX; i++)
    if (process->handles[i].tag != 0) close_entry(process, &process->handles[i]);
}
