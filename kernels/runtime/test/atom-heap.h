// A heap with atoms and processes for tests.
#pragma once

#include <basalt/process.h>
#include <basalt/text.h>
#include <basalt/tuple.h>
#include <basalt/vector.h>

#include "value-heap.h"

static bs_kind atom_heap_kinds[BS_KIND_ATOM_COUNT];

/** Makes a heap of so many bytes in which the given allocation fails; 0 for none. */
static inline bs_heap *atom_heap(size_t bytes, uint64_t fail_allocation) {
  bs_atom_kinds(atom_heap_kinds);
  bs_heap_options options = {
      .kinds = atom_heap_kinds,
      .kind_count = BS_KIND_ATOM_COUNT,
      .fail_allocation = fail_allocation,
  };
  bs_heap *heap;
  if (bs_heap_init(aligned_alloc(16, bytes), bytes, &options, &heap) != BS_OK) abort();
  return heap;
}

/** What the heap counted. */
static inline bs_heap_stats atom_heap_stats(const bs_heap *heap) {
  bs_heap_stats stats;
  bs_heap_statistics(heap, &stats);
  return stats;
}

/** The value of an atom, without a reference: for small integers and singletons. */
static inline bs_value peek(bs_heap *heap, bs_value atom) {
  bs_value value = bs_atom_load(atom);
  bs_release(heap, value);
  return value;
}

/** Runs work that leaves nothing in the heap, with each of its allocations failing, until none
 * does. */
static inline bool survives_out_of_memory(bs_status (*work)(bs_heap *heap)) {
  for (uint64_t fail = 1;; fail++) {
    bs_heap *heap = atom_heap(512 << 10, fail);
    bs_status status = work(heap);
    bool failed = atom_heap_stats(heap).failed_allocations > 0;
    if (status != (failed ? BS_NOMEM : BS_OK)) printf("# allocation %d\n", (int)fail);
    tap_need(status == (failed ? BS_NOMEM : BS_OK));
    tap_need(heap_ends_empty(heap));
    if (!failed) return fail > 1;
  }
}
