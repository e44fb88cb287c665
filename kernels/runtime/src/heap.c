// The heap's public operations: allocation that does its share of deferred work, counted
// references, and the list of the dead, whose children are released a bounded number at a time.
#include <basalt/shared.h>

#include "heap-state.h"
#include "poison.h"

static bool options_possible(const bs_heap_options *options) {
  return options != NULL && options->kinds != NULL && options->kind_count >= 2 &&
         options->kind_count <= 256 && options->strategy <= BS_STRATEGY_TRACING;
}

bs_status bs_heap_init(void *arena, size_t bytes, const bs_heap_options *options, bs_heap **out) {
  if (arena == NULL || out == NULL || ((uintptr_t)arena & 15) != 0) return BS_INVALID;
  if (bytes < BS_HEAP_MIN_BYTES || bytes > BS_HEAP_MAX_BYTES) return BS_INVALID;
  if (!options_possible(options)) return BS_INVALID;
  uintptr_t start = (uintptr_t)arena;
  uintptr_t table = (start + sizeof(bs_heap) + 15) & ~(uintptr_t)15;
  size_t room = bytes - (size_t)(table - start) - BS_PAGE_BYTES;
  size_t count = room / (BS_PAGE_BYTES + sizeof(bs_page));
  uintptr_t base = (table + count * sizeof(bs_page) + BS_PAGE_BYTES - 1) & ~(BS_PAGE_BYTES - 1);
  // Another heap may have lived here.
  bs_unpoison(arena, bytes);
  bs_heap *heap = arena;
  __builtin_memset(heap, 0, sizeof *heap);
  heap->kinds = options->kinds;
  heap->kind_count = options->kind_count;
  heap->region = options->region;
  heap->hash_seed =
      options->region == NULL ? options->hash_seed : bs_region_hash_seed(options->region);
  heap->traces = options->strategy == BS_STRATEGY_TRACING;
  heap->fail_allocation = options->fail_allocation;
  heap->step = options->step == 0 ? BS_DEFAULT_STEP : options->step;
  heap->base = (unsigned char *)base;
  heap->pages = (bs_page *)table;
  heap->page_count = (uint32_t)count;
  heap->stats.arena_bytes = bytes;
  heap->stats.usable_bytes = count * BS_PAGE_BYTES;
  for (uint32_t i = 0; i < BS_RUN_BINS; i++)
    heap->run_bins[i] = BS_NO_PAGE;
  for (uint32_t i = 0; i < BS_CLASS_COUNT; i++)
    heap->partial[i] = BS_NO_PAGE;
  bs_poison(heap->base, count * BS_PAGE_BYTES);
  bs_pages_give(heap, 0, heap->page_count);
  *out = heap;
  return BS_OK;
}

/** Does all deferred work, trying again after each part of it. */
static bs_cell *take_after_work(bs_heap *heap, uint32_t kind, size_t bytes) {
  bs_cell *cell = NULL;
  // A round that was running began too early to see all of what is garbage now.
  for (int rounds = 0; cell == NULL && rounds < 2; rounds++) {
    while (cell == NULL && bs_heap_step(heap, 1024))
      cell = bs_cell_take(heap, kind, bytes);
    if (cell == NULL) cell = bs_cell_take(heap, kind, bytes);
    if (cell == NULL && rounds == 0) bs_round_start(heap);
  }
  return cell;
}

void *bs_alloc(bs_heap *heap, uint32_t kind, size_t bytes) {
  if (kind == 0 || kind >= heap->kind_count || bytes < sizeof(bs_cell)) __builtin_trap();
  heap->stats.allocations++;
  if (heap->stats.allocations == heap->fail_allocation) {
    heap->stats.failed_allocations++;
    return NULL;
  }
  bs_round_maybe_start(heap);
  (void)bs_heap_step(heap, heap->step);
  bs_cell *cell = bs_cell_take(heap, kind, bytes);
  if (cell == NULL) cell = take_after_work(heap, kind, bytes);
  if (cell == NULL) {
    heap->stats.failed_allocations++;
    return NULL;
  }
  cell->refs = 1;
  cell->bits |= (uint32_t)heap->round.number << BS_CELL_ROUND_SHIFT;
  if (heap->kinds[kind].is_mutable) heap->round.mutables_made++;
  return cell;
}

size_t bs_capacity(const bs_heap *heap, const bs_cell *cell) {
  const bs_page *page = &heap->pages[bs_page_index(heap, cell)];
  if (page->state == BS_PAGE_LARGE) return page->run * BS_PAGE_BYTES;
  return bs_class_bytes(page->size_class);
}

void bs_bury(bs_heap *heap, bs_cell *cell) {
  cell->link = bs_link_to(heap, heap->dead);
  heap->dead = cell;
}

void bs_discard(bs_heap *heap, bs_cell *cell) {
  bs_cell_give(heap, cell);
}

void bs_drop(bs_heap *heap, bs_value value) {
  if (!bs_is_cell(value)) return;
  bs_cell *cell = bs_cell_of(value);
  if ((int32_t)bs_refs(cell) < 0) {
    bs_drop_slowly(heap, cell);
    return;
  }
  cell->refs--;
  if (cell->bits & BS_CELL_IN_TRIAL) bs_round_shade(heap, cell);
  if (cell->refs > 0 || heap->traces) return;
  heap->stats.deferred_cells++;
  // The round still has its links in a cell on trial, and buries it at its end.
  if (cell->bits & BS_CELL_IN_TRIAL)
    cell->bits |= BS_CELL_DEAD;
  else
    bs_bury(heap, cell);
}

void bs_release(bs_heap *heap, bs_value value) {
  bs_drop(heap, value);
  if (heap->dead != NULL || heap->dying != NULL) (void)bs_heap_step(heap, heap->step);
}

bs_value bs_exchange(bs_heap *heap, bs_cell *holder, bs_value *slot, bs_value value) {
  bs_value old = *slot;
  if (heap->round.phase != BS_PHASE_IDLE) {
    bs_round_shade_stored(heap, bs_from_cell(holder));
    bs_round_shade_stored(heap, old);
    bs_round_shade_stored(heap, value);
  }
  *slot = value;
  return old;
}

void bs_store(bs_heap *heap, bs_cell *holder, bs_value *slot, bs_value value) {
  bs_release(heap, bs_exchange(heap, holder, slot, value));
}

/** Releases children of dead cells and frees the cells; returns what is left of `slots`. */
static size_t release_dead(bs_heap *heap, size_t slots) {
  while (slots > 0) {
    if (heap->dying == NULL) {
      if (heap->dead == NULL) return slots;
      heap->dying = heap->dead;
      heap->dead = bs_linked(heap, heap->dying->link);
      heap->dying_slot = 0;
    }
    bs_cell *cell = heap->dying;
    bs_children children = bs_children_of(heap, cell);
    while (slots > 0 && heap->dying_slot < children.count) {
      bs_value *slot = &children.slots[heap->dying_slot++];
      bs_value child = *slot;
      *slot = BS_NONE;
      bs_drop(heap, child);
      slots--;
    }
    if (heap->dying_slot < children.count) return 0;
    heap->dying = NULL;
    const bs_kind *kind = bs_kind_info(heap, cell);
    if (kind->finalize != NULL) kind->finalize(heap, cell);
    heap->stats.deferred_cells--;
    bs_cell_give(heap, cell);
    if (slots > 0) slots--;
  }
  return 0;
}

bool bs_heap_step(bs_heap *heap, size_t slots) {
  slots = release_dead(heap, slots);
  if (slots > 0) (void)bs_round_step(heap, slots);
  return heap->dead != NULL || heap->dying != NULL || heap->round.phase != BS_PHASE_IDLE;
}

void bs_heap_collect(bs_heap *heap) {
  while (bs_heap_step(heap, 1024))
    continue;
  bs_round_start(heap);
  while (bs_heap_step(heap, 1024))
    continue;
}

uint64_t bs_heap_hash_seed(const bs_heap *heap) {
  return heap->hash_seed;
}

void bs_heap_statistics(const bs_heap *heap, bs_heap_stats *out) {
  *out = heap->stats;
}
