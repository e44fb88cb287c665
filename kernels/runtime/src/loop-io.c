// What a loop waits for at handles of the host.
#include "task-cells.h"

bs_status bs_loop_io_reserve(bs_heap *heap, bs_loop *loop, size_t count) {
  const bs_loop_memory *old = (bs_loop_memory *)bs_cell_of(loop->slots[BS_LOOP_HANDLES]);
  if (old != NULL && old->room >= count) return BS_OK;
  size_t room = count < 4 ? 4 : 2 * count;
  size_t bytes = sizeof(bs_loop_memory) + room * sizeof(bs_io_event);
  bs_loop_memory *grown = bs_alloc(heap, BS_KIND_LOOP_MEMORY, bytes);
  if (grown == NULL) return BS_NOMEM;
  grown->room = room;
  bs_store(heap, &loop->cell, &loop->slots[BS_LOOP_HANDLES], bs_from_cell(grown));
  return BS_OK;
}

/** The next waiter of another task: those of one task leave the list together. */
static bs_value after_task(bs_value waiter) {
  bs_value task = bs_waiter_of(waiter)->slots[BS_WAITER_TASK];
  do
    waiter = bs_waiter_of(waiter)->listed.next;
  while (waiter != BS_NONE && bs_waiter_of(waiter)->slots[BS_WAITER_TASK] == task);
  return waiter;
}

static void wake_found(bs_heap *heap, bs_loop *loop) {
  bs_value at = loop->slots[BS_LOOP_IO];
  while (at != BS_NONE) {
    const bs_waiter *waiter = bs_waiter_of(at);
    at = waiter->found != 0 ? after_task(at) : waiter->listed.next;
    if (waiter->found == 0) continue;
    bs_task *task = bs_task_of(waiter->slots[BS_WAITER_TASK]);
    bs_task_wake(heap, task, waiter->which, BS_SIGNAL_VALUE, bs_from_small(waiter->found));
  }
}

bs_status bs_loop_io_poll(bs_heap *heap, bs_loop *loop, uint64_t timeout) {
  bs_loop_memory *memory = (bs_loop_memory *)bs_cell_of(loop->slots[BS_LOOP_HANDLES]);
  bs_io_event *handles = loop->io_count == 0 ? NULL : memory->as.handles;
  size_t count = 0;
  for (bs_value at = loop->slots[BS_LOOP_IO]; at != BS_NONE; at = bs_waiter_of(at)->listed.next)
    handles[count++] = (bs_io_event){bs_waiter_of(at)->handle, bs_waiter_of(at)->events, 0};
  bs_status status = loop->options.io_poll(loop->options.context, handles, count, timeout);
  if (status == BS_TIMEOUT || status == BS_WOULD_BLOCK) return BS_OK;
  if (status != BS_OK) return status;
  count = 0;
  for (bs_value at = loop->slots[BS_LOOP_IO]; at != BS_NONE; at = bs_waiter_of(at)->listed.next) {
    uint32_t wanted = bs_waiter_of(at)->events | BS_IO_HANGUP | BS_IO_ERROR;
    bs_waiter_of(at)->found = handles[count++].events & wanted;
  }
  wake_found(heap, loop);
  return BS_OK;
}
