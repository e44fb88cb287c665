// Kinds of cells for the tests of the heap: a leaf, an immutable pair, a mutable object, a wide
// list.
#pragma once

#include "basalt/heap.h"

enum { LEAF = 1, PAIR, OBJECT, WIDE, KIND_COUNT };

typedef struct node {
  bs_cell cell;
  uint64_t id;
  bs_value slots[4];
} node;

typedef struct wide {
  bs_cell cell;
  uint64_t count;
  bs_value slots[];
} wide;

static uint64_t finalized;
/** The strategy of the heaps that are made. */
static bs_strategy strategy;

static inline bs_children node_children(bs_cell *cell) {
  return (bs_children){((node *)cell)->slots, 4};
}

static inline bs_children wide_children(bs_cell *cell) {
  return (bs_children){((wide *)cell)->slots, ((wide *)cell)->count};
}

static inline void count_finalized(bs_heap *heap, bs_cell *cell) {
  (void)heap;
  (void)cell;
  finalized++;
}

static const bs_kind KINDS[KIND_COUNT] = {
    [LEAF] = {.name = "leaf", .finalize = count_finalized},
    [PAIR] = {.name = "pair", .children = node_children, .finalize = count_finalized},
    [OBJECT] = {.name = "object",
                .children = node_children,
                .finalize = count_finalized,
                .is_mutable = true},
    [WIDE] = {.name = "wide", .children = wide_children},
};

static inline node *make_node(bs_heap *heap, uint32_t kind, bs_value first, bs_value second) {
  node *made = bs_alloc(heap, kind, sizeof(node));
  if (made == NULL) return NULL;
  made->slots[0] = first;
  made->slots[1] = second;
  return made;
}

static inline bs_heap *make_heap(void *arena, size_t bytes, uint64_t fail, uint32_t step) {
  bs_heap_options options = {.kinds = KINDS,
                             .kind_count = KIND_COUNT,
                             .fail_allocation = fail,
                             .step = step,
                             .strategy = strategy};
  bs_heap *heap = NULL;
  return bs_heap_init(arena, bytes, &options, &heap) == BS_OK ? heap : NULL;
}

static inline bs_heap_stats stats_of(const bs_heap *heap) {
  bs_heap_stats stats;
  bs_heap_statistics(heap, &stats);
  return stats;
}
