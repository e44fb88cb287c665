// Allocation, counted references, deferred release, and memory that runs out.
#include "test-kinds.h"
#include <test/tap.h>

static _Alignas(16) unsigned char arena[4 << 20];

static bool refuses_what_is_no_arena(void) {
  bs_heap_options good = {.kinds = KINDS, .kind_count = KIND_COUNT};
  bs_heap_options no_kinds = {.kind_count = KIND_COUNT};
  bs_heap_options few = {.kinds = KINDS, .kind_count = 1};
  bs_heap_options many = {.kinds = KINDS, .kind_count = 257};
  bs_heap_options unknown = {.kinds = KINDS, .kind_count = KIND_COUNT, .strategy = (bs_strategy)2};
  bs_heap *heap = NULL;
  tap_need(bs_heap_init(NULL, sizeof arena, &good, &heap) == BS_INVALID);
  tap_need(bs_heap_init(arena + 8, sizeof arena - 8, &good, &heap) == BS_INVALID);
  tap_need(bs_heap_init(arena, BS_HEAP_MIN_BYTES - 1, &good, &heap) == BS_INVALID);
  tap_need(bs_heap_init(arena, BS_HEAP_MAX_BYTES + 1, &good, &heap) == BS_INVALID);
  tap_need(bs_heap_init(arena, sizeof arena, NULL, &heap) == BS_INVALID);
  tap_need(bs_heap_init(arena, sizeof arena, &good, NULL) == BS_INVALID);
  tap_need(bs_heap_init(arena, sizeof arena, &no_kinds, &heap) == BS_INVALID);
  tap_need(bs_heap_init(arena, sizeof arena, &few, &heap) == BS_INVALID);
  tap_need(bs_heap_init(arena, sizeof arena, &many, &heap) == BS_INVALID);
  tap_need(bs_heap_init(arena, sizeof arena, &unknown, &heap) == BS_INVALID);
  tap_need(heap == NULL);
  return bs_heap_init(arena, BS_HEAP_MIN_BYTES, &good, &heap) == BS_OK && heap != NULL;
}

static bool gives_every_size(void) {
  enum { COUNT = 400 };
  static unsigned char *cells[COUNT];
  bs_heap *heap = make_heap(arena, sizeof arena, 0, 0);
  for (int turn = 0; turn < 2; turn++) {
    for (size_t i = 0; i < COUNT; i++) {
      size_t bytes = 16 + i * 23;
      cells[i] = bs_alloc(heap, LEAF, bytes);
      tap_need(cells[i] != NULL && ((uintptr_t)cells[i] & 15) == 0);
      tap_need(bs_capacity(heap, (bs_cell *)(void *)cells[i]) >= bytes);
      for (size_t at = sizeof(bs_cell); at < bytes; at++)
        tap_need(cells[i][at] == 0);
      memset(cells[i] + sizeof(bs_cell), 0xa5, bytes - sizeof(bs_cell));
    }
    tap_need(bs_heap_verify(heap, NULL) == BS_OK);
    for (size_t i = 0; i < COUNT; i++)
      bs_release(heap, bs_from_cell(cells[i * 7 % COUNT]));
    tap_need(bs_heap_verify(heap, NULL) == BS_OK);
  }
  bs_heap_collect(heap);
  return stats_of(heap).live_cells == 0 && stats_of(heap).live_bytes == 0;
}

static bool releases_a_long_list_in_bounded_steps(void) {
  enum { LENGTH = 20000, STEP = 16 };
  bs_heap *heap = make_heap(arena, sizeof arena, 0, STEP);
  bs_value list = BS_NULL;
  for (int i = 0; i < LENGTH; i++)
    list = bs_from_cell(make_node(heap, PAIR, bs_from_small(i), list));
  finalized = 0;
  bs_release(heap, list);
  tap_need(finalized <= STEP && stats_of(heap).deferred_cells == 1);
  tap_need(bs_heap_verify(heap, NULL) == BS_OK);
  uint64_t before = finalized;
  bs_release(heap, bs_from_cell(bs_alloc(heap, LEAF, 32)));
  tap_need(finalized > before && finalized - before <= 2 * STEP + 1);
  while (bs_heap_step(heap, STEP))
    continue;
  return finalized == LENGTH + 1 && stats_of(heap).live_cells == 0;
}

static bool releases_a_wide_cell_in_bounded_steps(void) {
  enum { WIDTH = 10000, STEP = 16 };
  bs_heap *heap = make_heap(arena, sizeof arena, 0, STEP);
  wide *list = bs_alloc(heap, WIDE, sizeof(wide) + WIDTH * sizeof(bs_value));
  for (; list->count < WIDTH; list->count++)
    list->slots[list->count] = bs_from_cell(bs_alloc(heap, LEAF, 32));
  finalized = 0;
  bs_release(heap, bs_from_cell(list));
  tap_need(finalized == 0 && bs_heap_verify(heap, NULL) == BS_OK);
  while (bs_heap_step(heap, STEP))
    continue;
  return finalized == WIDTH && stats_of(heap).live_cells == 0;
}

static size_t fill(bs_heap *heap, bs_value *list, size_t bytes) {
  size_t count = 0;
  for (node *next; (next = bs_alloc(heap, PAIR, bytes)) != NULL; count++) {
    next->slots[0] = *list;
    *list = bs_from_cell(next);
  }
  return count;
}

static bool memory_runs_out_exactly(void) {
  bs_heap *heap = make_heap(arena, 256 * 1024, 0, 0);
  bs_value list = BS_NULL;
  size_t first = fill(heap, &list, sizeof(node));
  tap_need(stats_of(heap).failed_allocations == 1);
  // Every page is full of cells of this size.
  tap_need(first == stats_of(heap).usable_bytes / 4096 * (4096 / 64));
  tap_need(bs_alloc(heap, LEAF, 16) == NULL && bs_alloc(heap, LEAF, 5000) == NULL);
  tap_need(bs_heap_verify(heap, NULL) == BS_OK);
  node *head = (node *)bs_cell_of(list);
  list = head->slots[0];
  head->slots[0] = BS_NONE;
  bs_release(heap, bs_from_cell(head));
  // A smaller cell takes the place where no page is left for its class.
  void *small = bs_alloc(heap, LEAF, 16);
  tap_need(small != NULL && bs_alloc(heap, LEAF, 16) == NULL);
  bs_release(heap, bs_from_cell(small));
  bs_release(heap, list);
  // What is only deferred is not memory that is out.
  void *large = bs_alloc(heap, LEAF, stats_of(heap).usable_bytes);
  tap_need(large != NULL && bs_alloc(heap, LEAF, 16) == NULL);
  bs_release(heap, bs_from_cell(large));
  list = BS_NULL;
  tap_need(fill(heap, &list, sizeof(node)) == first);
  bs_release(heap, list);
  bs_heap_collect(heap);
  tap_need(bs_alloc(heap, LEAF, SIZE_MAX) == NULL);
  return stats_of(heap).live_cells == 0 && bs_heap_verify(heap, NULL) == BS_OK;
}

static bool fails_the_allocation_that_was_asked_for(void) {
  bs_heap *heap = make_heap(arena, sizeof arena, 3, 0);
  tap_need(bs_alloc(heap, LEAF, 32) != NULL && bs_alloc(heap, LEAF, 32) != NULL);
  tap_need(bs_alloc(heap, LEAF, 32) == NULL && bs_alloc(heap, LEAF, 32) != NULL);
  bs_heap_stats stats = stats_of(heap);
  return stats.allocations == 4 && stats.failed_allocations == 1 && stats.live_cells == 3;
}

static bool a_count_at_its_bound_stays(void) {
  bs_heap *heap = make_heap(arena, sizeof arena, 0, 0);
  bs_cell *cell = bs_alloc(heap, LEAF, 32);
  cell->refs = BS_REFS_SHARED - 2;
  bs_retain(bs_from_cell(cell));
  bs_retain(bs_from_cell(cell));
  bs_release(heap, bs_from_cell(cell));
  return cell->refs == UINT32_MAX && bs_heap_verify(heap, NULL) == BS_OK;
}

static bool words_hold_small_integers(void) {
  const int64_t numbers[] = {0, 1, -1, 255, BS_SMALL_MIN, BS_SMALL_MAX};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    bs_value word = bs_from_small(numbers[i]);
    tap_need(bs_to_small(word) == numbers[i] && bs_is_small(word) && !bs_is_cell(word));
    tap_need(bs_fits_small(numbers[i]));
  }
  tap_need(!bs_fits_small(BS_SMALL_MIN - 1) && !bs_fits_small(BS_SMALL_MAX + 1));
  return !bs_is_cell(BS_NONE) && !bs_is_cell(BS_NULL) && !bs_is_cell(BS_TRUE);
}

/** Random cells of random sizes live and die; sums of their bytes show whether one was touched. */
static bool holds_under_random_use(uint64_t seed) {
  enum { SLOTS = 300 };
  static node *held[SLOTS];
  memset(held, 0, sizeof held);
  bs_heap *heap = make_heap(arena, 512 * 1024, 0, 4);
  for (int i = 0; i < 20000; i++) {
    size_t at = tap_random(&seed) % SLOTS;
    if (held[at] != NULL) {
      tap_need(held[at]->id == at);
      bs_release(heap, bs_from_cell(held[at]));
    }
    size_t bytes = sizeof(node) + tap_random(&seed) % (tap_random(&seed) % 8 == 0 ? 20000 : 400);
    held[at] = bs_alloc(heap, PAIR, bytes);
    if (held[at] == NULL) continue;
    held[at]->id = at;
    size_t other = tap_random(&seed) % SLOTS;
    if (held[other] != NULL && other != at)
      held[at]->slots[0] = bs_retain(bs_from_cell(held[other]));
    if (i % 500 == 0) tap_need(bs_heap_verify(heap, NULL) == BS_OK);
  }
  for (size_t at = 0; at < SLOTS; at++)
    if (held[at] != NULL) bs_release(heap, bs_from_cell(held[at]));
  bs_heap_collect(heap);
  return stats_of(heap).live_cells == 0 && bs_heap_verify(heap, NULL) == BS_OK;
}

int main(void) {
  tap_ok(refuses_what_is_no_arena(), "what cannot be a heap is refused");
  tap_ok(words_hold_small_integers(), "words hold integers of 61 bits");
  tap_ok(gives_every_size(), "cells of every size are zero, aligned and roomy");
  tap_ok(releases_a_long_list_in_bounded_steps(), "a long list is released in bounded steps");
  tap_ok(releases_a_wide_cell_in_bounded_steps(), "so is a wide cell");
  tap_ok(memory_runs_out_exactly(), "memory is out exactly when nothing fits");
  tap_ok(fails_the_allocation_that_was_asked_for(), "the Nth allocation fails, once");
  tap_ok(a_count_at_its_bound_stays(), "a count that reaches its bound stays");
  for (uint64_t seed = 1; seed <= 3; seed++)
    tap_ok(holds_under_random_use(seed), "random use leaves the heap whole");
  return tap_done();
}
