// What a heap is made of inside. The arena holds, in this order, the bs_heap, one bs_page for each
// page, and the pages. A page holds cells of one size class, or is part of a run that is free or
// that one large cell fills.
#pragma once

#include "basalt/heap.h"

#define BS_PAGE_BYTES ((size_t)4096)
#define BS_CLASS_COUNT 21
/** The class of a cell that has a run of pages to itself. */
#define BS_CLASS_LARGE 0xff
#define BS_RUN_BINS 32
#define BS_NO_PAGE UINT32_MAX
#define BS_DEFAULT_STEP 32

/** Flags of a cell, in its bits. */
#define BS_CELL_IN_TRIAL (1u << 16)
#define BS_CELL_BLACK (1u << 17)
#define BS_CELL_DEAD (1u << 18)
#define BS_CELL_KEPT (1u << 19)
#define BS_CELL_ROUND_SHIFT 24

typedef enum bs_page_state {
  /** Part of a run that is free; only its first and last page are kept true. */
  BS_PAGE_FREE = 1,
  /** Cells of one class. */
  BS_PAGE_SMALL,
  /** First page of a large cell. */
  BS_PAGE_LARGE,
  /** Last page of a large cell that has several. */
  BS_PAGE_LARGE_END,
} bs_page_state;

typedef struct bs_page {
  uint8_t state;
  uint8_t size_class;
  /** Small: cells in use, cells in use of mutable kinds, cells ever used, and the first free cell
   * below that (its index and one; 0 for none). Large: `mutables` alone. */
  uint16_t live;
  uint16_t mutables;
  uint16_t used;
  uint16_t free;
  /** Pages in the run, at the first page of any and the last page of a free one. */
  uint32_t run;
  /** The list of pages with free cells of a class, or of free runs of a bin. */
  uint32_t next;
  uint32_t previous;
} bs_page;

typedef enum bs_phase {
  BS_PHASE_IDLE,
  BS_PHASE_GATHER,
  BS_PHASE_SCAN,
  BS_PHASE_ROOTS,
  BS_PHASE_MARK,
  BS_PHASE_SPLIT,
  BS_PHASE_EMPTY,
  BS_PHASE_FREE,
} bs_phase;

/** One round of cycle collection; see cycles.c. */
typedef struct bs_round {
  bs_phase phase;
  /** Counts rounds in 8 bits, so that cells made in this one are known. */
  uint8_t number;
  uint32_t page;
  /** The cells on trial, linked by `link`; `cursor` is where the phase stands, at `slot`. */
  bs_cell *first;
  bs_cell *last;
  bs_cell *cursor;
  size_t slot;
  /** Cells that live whose children were not looked at yet, linked by `trial`. */
  bs_cell *black;
  bs_cell *marking;
  size_t marking_slot;
  /** Cells that nobody can reach any more. */
  bs_cell *white;
  /** What decides when the next round starts. */
  uint64_t mutables_made;
  uint64_t examined;
  size_t live_bytes_after;
  uint64_t live_cells_after;
  uint64_t allocations_before;
} bs_round;

struct bs_heap {
  const bs_kind *kinds;
  uint32_t kind_count;
  uint32_t step;
  uint64_t fail_allocation;
  bool traces;
  uint64_t hash_seed;
  /** The region that it may refer to, and whether it is the heap of one itself. */
  struct bs_region *region;
  bool is_region;
  unsigned char *base;
  bs_page *pages;
  uint32_t page_count;
  uint32_t run_bins_used;
  uint32_t run_bins[BS_RUN_BINS];
  uint32_t partial[BS_CLASS_COUNT];
  /** Dead cells linked by `link`, and the one whose children are being released. */
  bs_cell *dead;
  bs_cell *dying;
  size_t dying_slot;
  bs_round round;
  bs_heap_stats stats;
};

/** The cell that a link names: granules of 16 bytes from the base, and one; 0 is none. */
static inline bs_cell *bs_linked(const bs_heap *heap, uint32_t link) {
  return link == 0 ? NULL : (bs_cell *)(void *)(heap->base + (size_t)(link - 1) * 16);
}

/** The link that names a cell. */
static inline uint32_t bs_link_to(const bs_heap *heap, const bs_cell *cell) {
  if (cell == NULL) return 0;
  return (uint32_t)((size_t)((const unsigned char *)cell - heap->base) / 16) + 1;
}

static inline uint32_t bs_page_index(const bs_heap *heap, const void *address) {
  return (uint32_t)((size_t)((const unsigned char *)address - heap->base) / BS_PAGE_BYTES);
}

static inline unsigned char *bs_page_start(const bs_heap *heap, uint32_t page) {
  return heap->base + (size_t)page * BS_PAGE_BYTES;
}

static inline const bs_kind *bs_kind_info(const bs_heap *heap, const bs_cell *cell) {
  return &heap->kinds[bs_kind_of(cell)];
}

/** The references of a cell; none for a kind that never holds any. */
static inline bs_children bs_children_of(const bs_heap *heap, bs_cell *cell) {
  const bs_kind *kind = bs_kind_info(heap, cell);
  return kind->children == NULL ? (bs_children){NULL, 0} : kind->children(cell);
}

/** pages.c: a run of pages, or BS_NO_PAGE; and its way back. */
uint32_t bs_pages_take(bs_heap *heap, uint32_t count);
void bs_pages_give(bs_heap *heap, uint32_t first, uint32_t count);

/** cells.c: memory for a cell with its class in its bits, all else zero, or NULL; its way back; the
 * bytes that a class gives, or a large cell has; and the cells that a page of a class holds. */
bs_cell *bs_cell_take(bs_heap *heap, uint32_t kind, size_t bytes);
void bs_cell_give(bs_heap *heap, bs_cell *cell);
size_t bs_class_bytes(uint32_t size_class);
uint32_t bs_class_cells(uint32_t size_class);

/** heap.c: one reference less, without doing deferred work. */
void bs_drop(bs_heap *heap, bs_value value);
/** region.c: one reference less to a cell that is shared, or kept. */
void bs_drop_slowly(bs_heap *heap, bs_cell *cell);
/** heap.c: frees a cell at once that nobody else holds and whose references were moved elsewhere,
 * where bs_may_move says so. */
void bs_discard(bs_heap *heap, bs_cell *cell);
/** heap.c: puts a cell without references on the list of the dead. */
void bs_bury(bs_heap *heap, bs_cell *cell);

/** Whether the slots of a cell may be moved about by plain stores: nobody else holds it, and no
 * round stands in the middle of it. Any allocation may begin a round. */
static inline bool bs_may_move(const bs_heap *heap, const bs_cell *cell) {
  return bs_is_sole(cell) && heap->round.phase == BS_PHASE_IDLE;
}

/** cycles.c: starts a round when enough has changed; does about `slots` slots of the running one,
 * and returns what is left of them; says that a cell on trial lives; and that `value` comes into a
 * cell that lives. */
void bs_round_maybe_start(bs_heap *heap);
void bs_round_start(bs_heap *heap);
size_t bs_round_step(bs_heap *heap, size_t slots);
void bs_round_shade(bs_heap *heap, bs_cell *cell);
void bs_round_shade_stored(bs_heap *heap, bs_value value);
