// Memory that several regions, of one process or of more, have mapped.
#pragma once

#include "object.h"
#include "process.h"

struct shared_memory {
  struct object object;
  size_t pages;
  /** As many frames; the list has frames of its own. */
  paddr *frames;
};

/** Shares the frames of a region, which has a reference from then on; another reference is the
 * caller's. BS_NOMEM. */
bs_status shared_memory_of(struct process *process, struct region *region,
                           struct shared_memory **out);

void shared_memory_release(void *shared);
