// A region and heaps that refer to it, for tests.
#pragma once

#include <basalt/shared.h>

#include "value-heap.h"

static inline bs_region *test_region(size_t bytes, uint64_t fail_allocation,
                                     void (*relax)(void *context)) {
  bs_region_options options = {.relax = relax, .fail_allocation = fail_allocation};
  bs_region *region;
  if (bs_region_init(aligned_alloc(16, bytes), bytes, &options, &region) != BS_OK) abort();
  return region;
}

static inline bs_heap *test_heap_in(bs_region *region, size_t bytes, uint64_t fail_allocation) {
  static const bs_kind *kinds;
  static bs_kind table[BS_KIND_RUNTIME_COUNT];
  if (kinds == NULL) {
    bs_runtime_kinds(table);
    kinds = table;
  }
  bs_heap_options options = {
      .kinds = kinds,
      .kind_count = BS_KIND_RUNTIME_COUNT,
      .fail_allocation = fail_allocation,
      .region = region,
  };
  bs_heap *heap;
  if (bs_heap_init(aligned_alloc(16, bytes), bytes, &options, &heap) != BS_OK) abort();
  return heap;
}

/** Frees the region; whether nothing was left in it. */
static inline bool region_ends_empty(bs_region *region) {
  bs_heap_stats stats;
  const char *fault = "";
  bool whole = bs_region_verify(region, &fault) == BS_OK;
  if (!whole) printf("# region: %s\n", fault);
  bs_region_collect(region);
  bs_region_statistics(region, &stats);
  if (stats.live_cells != 0) printf("# %llu shared\n", (unsigned long long)stats.live_cells);
  free(region);
  return whole && stats.live_cells == 0;
}
