// Collection by trial deletion, a bounded number of slots at a time, while the program goes on. A
// cycle passes through a mutable cell, so a round puts all mutable cells, and all cells that they
// reach, on trial; in a heap that traces it puts all cells there, those without references too:
//
//   GATHER  walks the pages for mutable cells;
//   SCAN    takes from each cell's copy of its count the references that come from cells on trial;
//   ROOTS   finds those with references left: held from outside, they live ("black");
//   MARK    so does what they reach;
//   SPLIT   takes the living off trial; the others, "white", are garbage;
//   EMPTY   releases what garbage holds outside of garbage;
//   FREE    frees it.
//
// Why this is right although the program runs in between: a cell that the program reaches was, when
// the copy of its count was made, either held from outside of the trial, so that something is left
// of the copy, or held by a cell on trial. Such a reference goes away by bs_exchange or by the
// death of its holder only, and both make black what it named. Cells made during the round are
// never on trial, so what they hold counts as held from outside. Once nothing is left to mark, a
// white cell cannot be reached, and will not be. The idea of trial deletion is that of D. F. Bacon
// and V. T. Rajan, "Concurrent Cycle Collection in Reference Counted Systems" (ECOOP 2001).
#include "heap-state.h"

static void blacken(bs_heap *heap, bs_cell *cell) {
  cell->bits |= BS_CELL_BLACK;
  cell->trial = bs_link_to(heap, heap->round.black);
  heap->round.black = cell;
}

/** Whether the cell may come on trial in this round: a shared one and one that is kept never do. */
static bool eligible(const bs_heap *heap, const bs_cell *cell) {
  if ((cell->bits & (BS_CELL_IN_TRIAL | BS_CELL_DEAD)) != 0 || (int32_t)bs_refs(cell) < 0 ||
      cell->bits >> BS_CELL_ROUND_SHIFT == heap->round.number)
    return false;
  if (heap->traces) return true;
  return cell->refs != 0 && bs_kind_info(heap, cell)->children != NULL;
}

static void put_on_trial(bs_heap *heap, bs_cell *cell) {
  bs_round *round = &heap->round;
  cell->bits |= BS_CELL_IN_TRIAL;
  cell->trial = cell->refs;
  cell->link = 0;
  if (round->last == NULL)
    round->first = cell;
  else
    round->last->link = bs_link_to(heap, cell);
  round->last = cell;
  round->examined++;
}

void bs_round_shade(bs_heap *heap, bs_cell *cell) {
  if (heap->round.phase >= BS_PHASE_SPLIT || (cell->bits & BS_CELL_BLACK) != 0) return;
  blacken(heap, cell);
}

void bs_round_shade_stored(bs_heap *heap, bs_value value) {
  if (!bs_is_cell(value)) return;
  bs_cell *cell = bs_cell_of(value);
  if (heap->round.phase <= BS_PHASE_SCAN && eligible(heap, cell)) put_on_trial(heap, cell);
  if ((cell->bits & BS_CELL_IN_TRIAL) != 0) bs_round_shade(heap, cell);
}

void bs_round_start(bs_heap *heap) {
  bs_round *round = &heap->round;
  if (round->phase != BS_PHASE_IDLE) return;
  round->phase = BS_PHASE_GATHER;
  round->number++;
  round->page = 0;
  round->first = round->last = round->cursor = round->black = round->marking = NULL;
  round->slot = 0;
  round->mutables_made = 0;
  round->examined = 0;
  round->allocations_before = heap->stats.allocations;
}

void bs_round_maybe_start(bs_heap *heap) {
  const bs_round *round = &heap->round;
  if (round->phase != BS_PHASE_IDLE) return;
  if (heap->traces) {
    uint64_t made = heap->stats.allocations - round->allocations_before;
    if (made > 1024 + round->live_cells_after) bs_round_start(heap);
    return;
  }
  if (round->mutables_made == 0) return;
  uint64_t enough = round->examined > 1024 ? round->examined : 1024;
  bool grown = heap->stats.live_bytes > 2 * round->live_bytes_after + BS_HEAP_MIN_BYTES;
  if (round->mutables_made >= enough || grown) bs_round_start(heap);
}

static void enter(bs_round *round, bs_phase phase) {
  round->phase = phase;
  round->cursor = round->first;
  round->slot = 0;
}

/** Puts the mutable cells of one page on trial, or all where the heap traces; returns how many
 * slots' worth of work that was. */
static size_t gather_page(bs_heap *heap, uint32_t index) {
  const bs_page *page = &heap->pages[index];
  if (page->state == BS_PAGE_FREE || (page->mutables == 0 && !heap->traces)) return 1;
  size_t stride = page->state == BS_PAGE_LARGE ? 0 : bs_class_bytes(page->size_class);
  uint32_t cells = page->state == BS_PAGE_LARGE ? 1 : page->used;
  for (uint32_t i = 0; i < cells; i++) {
    bs_cell *cell = (bs_cell *)(void *)(bs_page_start(heap, index) + i * stride);
    bool looked_at = cell->bits != 0 && (heap->traces || bs_kind_info(heap, cell)->is_mutable);
    if (looked_at && eligible(heap, cell)) put_on_trial(heap, cell);
  }
  return cells;
}

static size_t gather(bs_heap *heap, size_t slots) {
  bs_round *round = &heap->round;
  while (slots > 0) {
    if (round->page >= heap->page_count) {
      enter(round, BS_PHASE_SCAN);
      return slots;
    }
    uint32_t run = heap->pages[round->page].run;
    size_t cost = gather_page(heap, round->page);
    round->page += run;
    slots -= cost < slots ? cost : slots;
  }
  return 0;
}

static void subtract(bs_heap *heap, bs_value value) {
  if (!bs_is_cell(value)) return;
  bs_cell *cell = bs_cell_of(value);
  if (eligible(heap, cell)) put_on_trial(heap, cell);
  if ((cell->bits & (BS_CELL_IN_TRIAL | BS_CELL_BLACK)) != BS_CELL_IN_TRIAL) return;
  if (cell->trial > 0) cell->trial--;
}

static size_t scan(bs_heap *heap, size_t slots) {
  bs_round *round = &heap->round;
  // The first cells may have been put on trial by a store, after the phase began.
  if (round->cursor == NULL && round->slot == 0) round->cursor = round->first;
  while (slots > 0 && round->cursor != NULL) {
    bs_children children = bs_children_of(heap, round->cursor);
    while (slots > 0 && round->slot < children.count) {
      subtract(heap, children.slots[round->slot++]);
      slots--;
    }
    if (round->slot < children.count) return 0;
    // The last cell stays the cursor until the phase ends: a store may put more behind it.
    bs_cell *next = bs_linked(heap, round->cursor->link);
    if (next == NULL) break;
    round->cursor = next;
    round->slot = 0;
    if (slots > 0) slots--;
  }
  if (slots > 0) enter(round, BS_PHASE_ROOTS);
  return slots;
}

static size_t find_roots(bs_heap *heap, size_t slots) {
  bs_round *round = &heap->round;
  for (; slots > 0 && round->cursor != NULL; slots--) {
    bs_cell *cell = round->cursor;
    if ((cell->bits & BS_CELL_BLACK) == 0 && cell->trial > 0) blacken(heap, cell);
    round->cursor = bs_linked(heap, cell->link);
  }
  if (slots > 0) round->phase = BS_PHASE_MARK;
  return slots;
}

static size_t mark(bs_heap *heap, size_t slots) {
  bs_round *round = &heap->round;
  while (slots > 0) {
    if (round->marking == NULL) {
      if (round->black == NULL) {
        enter(round, BS_PHASE_SPLIT);
        round->white = NULL;
        return slots;
      }
      round->marking = round->black;
      round->black = bs_linked(heap, round->marking->trial);
      round->marking_slot = 0;
    }
    bs_children children = bs_children_of(heap, round->marking);
    while (slots > 0 && round->marking_slot < children.count) {
      bs_value child = children.slots[round->marking_slot++];
      if (bs_is_cell(child) && (bs_cell_of(child)->bits & BS_CELL_IN_TRIAL) != 0)
        bs_round_shade(heap, bs_cell_of(child));
      slots--;
    }
    if (round->marking_slot < children.count) return 0;
    round->marking = NULL;
    if (slots > 0) slots--;
  }
  return 0;
}

static size_t split(bs_heap *heap, size_t slots) {
  bs_round *round = &heap->round;
  for (; slots > 0 && round->cursor != NULL; slots--) {
    bs_cell *cell = round->cursor;
    round->cursor = bs_linked(heap, cell->link);
    if ((cell->bits & BS_CELL_BLACK) == 0) {
      cell->link = bs_link_to(heap, round->white);
      round->white = cell;
      continue;
    }
    bool dead = (cell->bits & BS_CELL_DEAD) != 0;
    cell->bits &= ~(BS_CELL_IN_TRIAL | BS_CELL_BLACK | BS_CELL_DEAD);
    if (dead) bs_bury(heap, cell);
  }
  if (slots > 0) {
    round->first = round->white;
    enter(round, BS_PHASE_EMPTY);
  }
  return slots;
}

/** References between white cells just vanish with them; only white cells are on trial by now. */
static size_t empty(bs_heap *heap, size_t slots) {
  bs_round *round = &heap->round;
  while (slots > 0 && round->cursor != NULL) {
    bs_children children = bs_children_of(heap, round->cursor);
    while (slots > 0 && round->slot < children.count) {
      bs_value *slot = &children.slots[round->slot++];
      bool white = bs_is_cell(*slot) && (bs_cell_of(*slot)->bits & BS_CELL_IN_TRIAL) != 0;
      if (white)
        bs_cell_of(*slot)->refs--;
      else
        bs_drop(heap, *slot);
      *slot = BS_NONE;
      slots--;
    }
    if (round->slot < children.count) return 0;
    round->cursor = bs_linked(heap, round->cursor->link);
    round->slot = 0;
    if (slots > 0) slots--;
  }
  if (slots > 0) enter(round, BS_PHASE_FREE);
  return slots;
}

static size_t free_white(bs_heap *heap, size_t slots) {
  bs_round *round = &heap->round;
  for (; slots > 0 && round->cursor != NULL; slots--) {
    bs_cell *cell = round->cursor;
    round->cursor = bs_linked(heap, cell->link);
    const bs_kind *kind = bs_kind_info(heap, cell);
    if (kind->finalize != NULL) kind->finalize(heap, cell);
    bs_cell_give(heap, cell);
    heap->stats.collected_cells++;
  }
  if (slots > 0) {
    round->phase = BS_PHASE_IDLE;
    round->first = round->last = round->white = NULL;
    round->live_bytes_after = heap->stats.live_bytes;
    round->live_cells_after = heap->stats.live_cells;
    heap->stats.rounds++;
  }
  return slots;
}

size_t bs_round_step(bs_heap *heap, size_t slots) {
  static size_t (*const PHASES[])(bs_heap *, size_t) = {
      [BS_PHASE_GATHER] = gather,   [BS_PHASE_SCAN] = scan,   [BS_PHASE_ROOTS] = find_roots,
      [BS_PHASE_MARK] = mark,       [BS_PHASE_SPLIT] = split, [BS_PHASE_EMPTY] = empty,
      [BS_PHASE_FREE] = free_white,
  };
  while (slots > 0 && heap->round.phase != BS_PHASE_IDLE)
    slots = PHASES[heap->round.phase](heap, slots);
  return slots;
}
