// Regions: a heap under a lock, whose cells have atomic counts.
#include "region.h"

#include "shared-atom.h"

void bs_runtime_kinds(bs_kind kinds[BS_KIND_RUNTIME_COUNT]) {
  bs_task_kinds(kinds);
  kinds[BS_KIND_SHARED_ATOM] =
      (bs_kind){.name = "shared atom", .children = bs_shared_atom_children};
}

bs_status bs_region_init(void *arena, size_t bytes, const bs_region_options *options,
                         bs_region **out) {
  if (arena == NULL || options == NULL || out == NULL || ((uintptr_t)arena & 15) != 0)
    return BS_INVALID;
  size_t own = (sizeof(bs_region) + 15) & ~(size_t)15;
  if (bytes < own + BS_HEAP_MIN_BYTES) return BS_INVALID;
  bs_region *region = arena;
  bs_heap_options of_heap = {
      .kinds = region->kinds,
      .kind_count = BS_KIND_RUNTIME_COUNT,
      .fail_allocation = options->fail_allocation,
      .hash_seed = options->hash_seed,
  };
  *region = (bs_region){.options = *options};
  bs_runtime_kinds(region->kinds);
  bs_status status =
      bs_heap_init((unsigned char *)arena + own, bytes - own, &of_heap, &region->heap);
  if (status != BS_OK) return status;
  region->heap->is_region = true;
  region->first = (uintptr_t)region->heap->base;
  region->last = region->first + region->heap->page_count * BS_PAGE_BYTES;
  *out = region;
  return BS_OK;
}

uint64_t bs_region_hash_seed(const bs_region *region) {
  return region->options.hash_seed;
}

void bs_region_lock(bs_region *region, uint32_t *lock) {
  while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) != 0) {
    while (__atomic_load_n(lock, __ATOMIC_RELAXED) != 0) {
      if (region->options.relax != NULL) region->options.relax(region->options.context);
    }
  }
}

void bs_region_unlock(uint32_t *lock) {
  __atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

bool bs_is_shared(const bs_heap *heap, bs_value value) {
  return bs_is_cell(value) && heap->region != NULL &&
         bs_region_holds(heap->region, (uintptr_t)value);
}

void *bs_region_alloc(bs_region *region, uint32_t kind, size_t bytes) {
  bs_region_lock(region, &region->lock);
  bs_cell *cell = bs_alloc(region->heap, kind, bytes);
  if (cell != NULL) cell->refs = BS_REFS_SHARED | 1;
  bs_region_unlock(&region->lock);
  return cell;
}

void bs_retain_slowly(bs_cell *cell) {
  uint32_t refs = bs_refs(cell);
  if (refs == BS_REFS_SHARED - 1) {
    cell->refs = UINT32_MAX;
    return;
  }
  do {
    if (refs == UINT32_MAX) return;
  } while (!__atomic_compare_exchange_n(&cell->refs, &refs, refs + 1, true, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED));
}

void bs_drop_slowly(bs_heap *heap, bs_cell *cell) {
  uint32_t refs = bs_refs(cell);
  do {
    if (refs == UINT32_MAX) return;
    // What this thread read of the cell must be before the cell is freed, by whomever.
  } while (!__atomic_compare_exchange_n(&cell->refs, &refs, refs - 1, true, __ATOMIC_ACQ_REL,
                                        __ATOMIC_RELAXED));
  if (refs - 1 != BS_REFS_SHARED) return;
  // The heap of a region releases children of its own dead, with its lock held.
  bs_region *region = heap->region;
  if (!heap->is_region) bs_region_lock(region, &region->lock);
  bs_heap *owner = heap->is_region ? heap : region->heap;
  owner->stats.deferred_cells++;
  bs_bury(owner, cell);
  if (heap->is_region) return;
  (void)bs_heap_step(owner, owner->step);
  bs_region_unlock(&region->lock);
}

void bs_region_statistics(bs_region *region, bs_heap_stats *out) {
  bs_region_lock(region, &region->lock);
  bs_heap_statistics(region->heap, out);
  bs_region_unlock(&region->lock);
}

bs_status bs_region_verify(bs_region *region, const char **fault) {
  return bs_heap_verify(region->heap, fault);
}

void bs_region_collect(bs_region *region) {
  bool left = true;
  while (left) {
    bs_region_lock(region, &region->lock);
    left = bs_heap_step(region->heap, 1024);
    bs_region_unlock(&region->lock);
  }
}
