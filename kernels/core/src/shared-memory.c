// Shared memory: the last reference gives the frames back.
#include "shared-memory.h"

#include "kernel/frames.h"

/** Frames that the list of so many frames takes. */
static size_t list_frames(size_t pages) {
  return (pages * sizeof(paddr) + PAGE_BYTES - 1) / PAGE_BYTES;
}

bs_status shared_memory_of(struct process *process, struct region *region,
                           struct shared_memory **out) {
  if (region->shared != NULL) {
    object_retain(region->shared);
    *out = region->shared;
    return BS_OK;
  }
  struct shared_memory *shared = object_take();
  paddr list;
  if (shared == NULL || !frames_take_run(list_frames(region->pages), &list)) {
    if (shared != NULL) object_give(shared);
    return BS_NOMEM;
  }
  shared->pages = region->pages;
  shared->frames = arch_direct(list);
  for (size_t i = 0; i < shared->pages; i++) {
    unsigned access;
    arch_space_find(process->space, region->start + i * PAGE_BYTES, &shared->frames[i], &access);
  }
  region->shared = shared;
  object_retain(shared);
  *out = shared;
  return BS_OK;
}

void shared_memory_release(void *object) {
  struct shared_memory *shared = object;
  if (!object_released(shared)) return;
  for (size_t i = 0; i < shared->pages; i++)
    frames_give(shared->frames[i]);
  frames_give_run(arch_physical(shared->frames), list_frames(shared->pages));
  object_give(shared);
}
