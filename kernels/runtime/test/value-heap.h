// A heap for tests of values, in memory of the host, and what a test demands of it at its end.
#pragma once

#include <basalt/kinds.h>
#include <stdlib.h>

#include <test/tap.h>

/** The seed of hashes of the heaps that are made. */
static uint64_t value_heap_seed;

/** Makes a heap of so many bytes in which the given allocation fails; 0 for none. */
static inline bs_heap *value_heap(size_t bytes, uint64_t fail_allocation) {
  bs_heap_options options = {
      .kinds = bs_value_kinds,
      .kind_count = BS_KIND_COUNT,
      .fail_allocation = fail_allocation,
      .hash_seed = value_heap_seed,
  };
  bs_heap *heap;
  if (bs_heap_init(aligned_alloc(16, bytes), bytes, &options, &heap) != BS_OK) abort();
  return heap;
}

/** Whether the heap is whole. */
static inline bool heap_is_whole(bs_heap *heap) {
  const char *fault = "";
  bs_status status = bs_heap_verify(heap, &fault);
  if (status != BS_OK) printf("# heap: %s\n", fault);
  return status == BS_OK;
}

/** Frees the heap; whether nothing was left in it. */
static inline bool heap_ends_empty(bs_heap *heap) {
  bs_heap_stats stats;
  bool whole = heap_is_whole(heap);
  bs_heap_collect(heap);
  bs_heap_statistics(heap, &stats);
  if (stats.live_cells != 0) printf("# %llu cells left\n", (unsigned long long)stats.live_cells);
  free(heap);
  return whole && stats.live_cells == 0;
}
