// The heap of the runtime: cells of any size in one arena that the caller gives, counted
// references, and a collector for cycles that works in bounded steps. A heap belongs to one thread
// at a time.
//
// Two rules keep it whole. A cell that you allocated and have not handed out yet may be filled by
// plain stores; a slot of any other cell is written with bs_store or bs_exchange alone, also where
// its one reference makes it safe to change in place. And a reference is given away once: what was
// moved into a slot is released by its cell.
#pragma once

#include "basalt/status.h"
#include "basalt/tagged.h"
#include <stddef.h>
#include <stdint.h>

/** A heap; it lives at the start of its arena. */
typedef struct bs_heap bs_heap;

/** What every cell begins with; the first member of the struct of each kind. All of it is the
 * heap's own, `bs_kind_of` and `bs_is_sole` read it. */
typedef struct bs_cell {
  uint32_t refs;
  uint32_t bits;
  uint32_t link;
  uint32_t trial;
} bs_cell;

/** The references that a cell holds: `count` words side by side, those that are no cells included.
 */
typedef struct bs_children {
  bs_value *slots;
  size_t count;
} bs_children;

/** What the heap knows about a kind of cell. */
typedef struct bs_kind {
  const char *name;
  /** The references in a cell; NULL for a kind that never holds any. Called often: a few loads. */
  bs_children (*children)(bs_cell *cell);
  /** Called once before the cell is freed, its children perhaps already gone; it must neither
   * allocate nor keep the cell. NULL for nothing to do. */
  void (*finalize)(bs_heap *heap, bs_cell *cell);
  /** Its slots change after it was published (an atom, an object): cycles go through such cells. */
  bool is_mutable;
} bs_kind;

/** How a heap finds what nobody holds any more. What a program does is the same with either. */
typedef enum bs_strategy {
  /** A cell goes when its count comes to zero, a cycle when a round of collection finds it; rounds
   * look at mutable cells, and what these reach, only. */
  BS_STRATEGY_COUNTING,
  /** Nothing goes by its count: rounds look at all cells, and keep those that are reached from one
   * which is held from outside. MEMORY.md has what that costs and saves. */
  BS_STRATEGY_TRACING,
} bs_strategy;

/** How a heap is set up. */
typedef struct bs_heap_options {
  /** The table of kinds, indexed by kind, which must outlive the heap. Entry 0 is never used. */
  const bs_kind *kinds;
  /** Entries in the table, 2 to 256. */
  uint32_t kind_count;
  /** Fails this allocation (1 is the first) as if memory were out, once; 0 never. For tests. */
  uint64_t fail_allocation;
  /** Slots that one bs_alloc or bs_release may look at for deferred work; 0 for the default. */
  uint32_t step;
  bs_strategy strategy;
  /** What the hashes of texts begin with (text.h): a secret where others choose the keys of maps,
   * so that they cannot make them collide; 0 where a run is to be the same each time. */
  uint64_t hash_seed;
  /** The region whose cells this heap's may refer to (shared.h); NULL for none. */
  struct bs_region *region;
} bs_heap_options;

/** What a heap counted. Sizes are in bytes and include what rounding up costs. */
typedef struct bs_heap_stats {
  size_t arena_bytes;
  /** For cells and what is left of their pages; the rest of the arena is the heap's own. */
  size_t usable_bytes;
  size_t live_bytes;
  size_t peak_bytes;
  uint64_t live_cells;
  uint64_t allocations;
  uint64_t failed_allocations;
  /** Dead cells whose memory is not free again yet. */
  uint64_t deferred_cells;
  /** Rounds of cycle collection that came to their end. */
  uint64_t rounds;
  /** Cells that those rounds freed. */
  uint64_t collected_cells;
} bs_heap_stats;

/** The smallest arena that a heap can be made in. */
#define BS_HEAP_MIN_BYTES ((size_t)64 * 1024)
/** The largest one: 64 GiB, since links between cells count granules of 16 bytes in 32 bits, or
 * half of what addresses of 32 bits reach. */
#if SIZE_MAX > UINT32_MAX
#define BS_HEAP_MAX_BYTES ((size_t)64 << 30)
#else
#define BS_HEAP_MAX_BYTES ((size_t)2 << 30)
#endif

/** Makes a heap in an arena aligned to 16 bytes. BS_INVALID for an arena that is too small, too
 * large or not aligned, and for options that are not possible. */
bs_status bs_heap_init(void *arena, size_t bytes, const bs_heap_options *options, bs_heap **out);

/** A cell of `bytes` bytes (its bs_cell included) with one reference, which the caller owns, all
 * bytes behind the bs_cell zero. NULL exactly when there is no memory for it, after all deferred
 * work was done and all cycles were collected; the heap is then unharmed. */
void *bs_alloc(bs_heap *heap, uint32_t kind, size_t bytes);

/** Bytes that a cell has room for: what it was allocated with, rounded up. */
size_t bs_capacity(const bs_heap *heap, const bs_cell *cell);

/** One reference less. A cell without references is freed, and what it held is released: a bounded
 * part of that work now, the rest in later calls, so a long list never recurses. */
void bs_release(bs_heap *heap, bs_value value);

/** Moves `value` into a slot of `holder` and releases what was there. */
void bs_store(bs_heap *heap, bs_cell *holder, bs_value *slot, bs_value value);

/** Moves `value` into a slot of `holder` and returns what was there, which the caller then owns. */
bs_value bs_exchange(bs_heap *heap, bs_cell *holder, bs_value *slot, bs_value value);

/** Does deferred work for about `slots` slots: releases first, then the running round of cycle
 * collection. Returns whether some is left. */
bool bs_heap_step(bs_heap *heap, size_t slots);

/** Does all deferred work and one whole round of cycle collection. Takes time in proportion to the
 * cells that mutable cells reach. */
void bs_heap_collect(bs_heap *heap);

/** Checks every page, free list, header and count of the heap; BS_CORRUPT where one is wrong, and
 * `fault` (may be NULL) then says which. Reference counts are held against the references found in
 * the heap: a cell may have more, held from outside, never fewer. Must be called between
 * operations; changes nothing that lasts. */
bs_status bs_heap_verify(bs_heap *heap, const char **fault);

/** The seed of hashes of the heap: that of its region where it has one. */
uint64_t bs_heap_hash_seed(const bs_heap *heap);

/** What the heap counted so far. */
void bs_heap_statistics(const bs_heap *heap, bs_heap_stats *out);

/** Visits every live cell in order of address; for tests and for dumps. */
void bs_heap_each_cell(bs_heap *heap, void (*visit)(void *context, bs_cell *cell), void *context);

/** The cell that a value is the address of. */
static inline bs_cell *bs_cell_of(bs_value value) {
  return (bs_cell *)(uintptr_t)value;
}

/** The value that is the address of a cell. */
static inline bs_value bs_from_cell(const void *cell) {
  return (bs_value)(uintptr_t)cell;
}

/** The kind that a cell was allocated with. */
static inline uint32_t bs_kind_of(const bs_cell *cell) {
  return cell->bits & 0xff;
}

/** Whether the value is a cell of this kind. */
static inline bool bs_is_kind(bs_value value, uint32_t kind) {
  return bs_is_cell(value) && bs_kind_of(bs_cell_of(value)) == kind;
}

/** Set in the count of a cell that several heaps may refer to (shared.h). */
#define BS_REFS_SHARED ((uint32_t)1 << 31)

/** The count of references; atomic, since others may change that of a shared cell. */
static inline uint32_t bs_refs(const bs_cell *cell) {
  return __atomic_load_n(&cell->refs, __ATOMIC_RELAXED);
}

/** Whether there is one reference only, so that who owns it may change the cell in place. Never so
 * for a shared cell. */
static inline bool bs_is_sole(const bs_cell *cell) {
  return bs_refs(cell) == 1;
}

/** bs_retain for a cell that is shared, or whose count is at its bound. */
void bs_retain_slowly(bs_cell *cell);

/** One reference more, returned. A count that reaches 2^31 stays: the cell is kept. */
static inline bs_value bs_retain(bs_value value) {
  if (bs_is_cell(value)) {
    bs_cell *cell = bs_cell_of(value);
    uint32_t more = bs_refs(cell) + 1;
    if ((int32_t)more > 0)
      cell->refs = more;
    else
      bs_retain_slowly(cell);
  }
  return value;
}
