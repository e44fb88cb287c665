// What the files of regions share.
#pragma once

#include <basalt/shared.h>

#include "heap-state.h"

struct bs_region {
  /** Not 0 while somebody works in the heap. */
  uint32_t lock;
  bs_region_options options;
  bs_heap *heap;
  uintptr_t first;
  uintptr_t last;
  bs_kind kinds[BS_KIND_RUNTIME_COUNT];
};

/** Waits for a lock of the region and takes it; and gives it back. */
void bs_region_lock(bs_region *region, uint32_t *lock);
void bs_region_unlock(uint32_t *lock);

/** A shared cell with one reference; NULL where there is no memory for it. */
void *bs_region_alloc(bs_region *region, uint32_t kind, size_t bytes);

/** Whether an address lies among the cells of the region. */
static inline bool bs_region_holds(const bs_region *region, uintptr_t address) {
  return address >= region->first && address < region->last;
}
