// The verifier: walks every page and cell of a heap and holds what it finds against what the heap
// believes. It takes nothing for granted but the bs_heap itself and the bounds of the arena.
#include <basalt/shared.h>

#include "heap-state.h"

typedef struct check {
  bs_heap *heap;
  const char *fault;
  size_t live_bytes;
  uint64_t live_cells;
  /** Added to the count of every cell that is referred to. */
  uint32_t change;
} check;

static bool fail(check *c, const char *fault) {
  if (c->fault == NULL) c->fault = fault;
  return false;
}

static uint32_t cells_of_page(const bs_page *page) {
  return page->state == BS_PAGE_LARGE ? 1 : page->used;
}

static bs_cell *cell_of_page(const bs_heap *heap, uint32_t index, uint32_t number) {
  const bs_page *page = &heap->pages[index];
  size_t stride = page->state == BS_PAGE_LARGE ? 0 : bs_class_bytes(page->size_class);
  return (bs_cell *)(void *)(bs_page_start(heap, index) + number * stride);
}

static bool is_live_cell(const bs_heap *heap, bs_value value) {
  uintptr_t address = (uintptr_t)value;
  uintptr_t base = (uintptr_t)heap->base;
  if (address < base || address >= base + heap->page_count * BS_PAGE_BYTES) return false;
  uint32_t index = bs_page_index(heap, (const void *)address);
  const bs_page *page = &heap->pages[index];
  size_t offset = (size_t)(address - base) % BS_PAGE_BYTES;
  if (page->state == BS_PAGE_LARGE) return offset == 0;
  if (page->state != BS_PAGE_SMALL || page->size_class >= BS_CLASS_COUNT) return false;
  size_t bytes = bs_class_bytes(page->size_class);
  return offset % bytes == 0 && offset / bytes < page->used && bs_cell_of(value)->bits != 0;
}

/** Calls `visit` with every live cell while it returns true. */
static bool each_live(check *c, bool (*visit)(check *, bs_cell *)) {
  for (uint32_t index = 0; index < c->heap->page_count; index += c->heap->pages[index].run) {
    const bs_page *page = &c->heap->pages[index];
    if (page->state == BS_PAGE_FREE) continue;
    for (uint32_t i = 0; i < cells_of_page(page); i++) {
      bs_cell *cell = cell_of_page(c->heap, index, i);
      if (cell->bits != 0 && !visit(c, cell)) return false;
    }
  }
  return true;
}

static bool check_free_cells(check *c, const bs_page *page, uint32_t index) {
  uint32_t free = 0;
  uint32_t limit = page->used;
  for (uint32_t number = page->free; number != 0; free++) {
    if (number > page->used || free >= limit) return fail(c, "a free cell is out of its page");
    const bs_cell *cell = cell_of_page(c->heap, index, number - 1);
    if (cell->bits != 0) return fail(c, "a cell in use is on the list of the free");
    number = cell->link;
  }
  if (free + page->live != page->used) return fail(c, "a page lost count of its cells");
  return true;
}

static bool check_small(check *c, uint32_t index) {
  const bs_page *page = &c->heap->pages[index];
  if (page->size_class >= BS_CLASS_COUNT) return fail(c, "a page has a class that is none");
  uint32_t room = bs_class_cells(page->size_class);
  if (page->run != 1 || page->used > room || page->live == 0 || page->live > page->used)
    return fail(c, "a page has more or fewer cells than it can");
  if (!check_free_cells(c, page, index)) return false;
  uint32_t mutables = 0;
  for (uint32_t i = 0; i < page->used; i++) {
    const bs_cell *cell = cell_of_page(c->heap, index, i);
    if (cell->bits == 0) continue;
    if (((cell->bits >> 8) & 0xff) != page->size_class)
      return fail(c, "a cell has another class than its page");
    if (bs_kind_of(cell) != 0 && bs_kind_of(cell) < c->heap->kind_count &&
        bs_kind_info(c->heap, cell)->is_mutable)
      mutables++;
  }
  if (mutables != page->mutables) return fail(c, "a page lost count of its mutable cells");
  c->live_cells += page->live;
  c->live_bytes += page->live * bs_class_bytes(page->size_class);
  return true;
}

static bool check_pages(check *c) {
  const bs_heap *heap = c->heap;
  bool after_free = false;
  for (uint32_t index = 0; index < heap->page_count;) {
    const bs_page *page = &heap->pages[index];
    if (page->run == 0 || page->run > heap->page_count - index)
      return fail(c, "a run of pages leaves the arena");
    bool is_free = page->state == BS_PAGE_FREE;
    if (is_free && after_free) return fail(c, "two free runs side by side were not merged");
    if (is_free && heap->pages[index + page->run - 1].run != page->run)
      return fail(c, "a free run has two lengths");
    after_free = is_free;
    if (page->state == BS_PAGE_LARGE) {
      c->live_cells++;
      c->live_bytes += page->run * BS_PAGE_BYTES;
    } else if (!is_free) {
      if (page->state != BS_PAGE_SMALL) return fail(c, "a page has a state that is none");
      if (!check_small(c, index)) return false;
    }
    index += page->run;
  }
  return true;
}

/** Every free run is in the bin of its length, and every page with room in the list of its class.
 */
static bool check_lists(check *c) {
  const bs_heap *heap = c->heap;
  uint32_t listed = 0;
  uint32_t expected = 0;
  for (uint32_t i = 0; i < heap->page_count; i += heap->pages[i].run) {
    const bs_page *page = &heap->pages[i];
    if (page->state == BS_PAGE_FREE) expected++;
    if (page->state == BS_PAGE_SMALL && page->live < bs_class_cells(page->size_class)) expected++;
  }
  for (uint32_t list = 0; list < BS_RUN_BINS + BS_CLASS_COUNT; list++) {
    bool of_runs = list < BS_RUN_BINS;
    uint32_t previous = BS_NO_PAGE;
    uint32_t at = of_runs ? heap->run_bins[list] : heap->partial[list - BS_RUN_BINS];
    for (; at != BS_NO_PAGE; previous = at, at = heap->pages[at].next) {
      if (at >= heap->page_count || ++listed > expected)
        return fail(c, "a list of pages names what does not belong to it");
      const bs_page *page = &heap->pages[at];
      bool right = of_runs ? page->state == BS_PAGE_FREE && page->run >> list == 1
                           : page->state == BS_PAGE_SMALL && page->size_class == list - BS_RUN_BINS;
      if (!right || page->previous != previous) return fail(c, "a list of pages is linked wrongly");
    }
  }
  return listed == expected || fail(c, "a page with room is on no list");
}

static bool check_header(check *c, bs_cell *cell) {
  uint32_t kind = bs_kind_of(cell);
  if (kind == 0 || kind >= c->heap->kind_count) return fail(c, "a cell has a kind that is none");
  bs_children children = bs_children_of(c->heap, cell);
  uintptr_t end = (uintptr_t)cell + bs_capacity(c->heap, cell);
  if (children.count > 0 &&
      ((uintptr_t)children.slots < (uintptr_t)(cell + 1) || (uintptr_t)children.slots > end ||
       children.count > (end - (uintptr_t)children.slots) / sizeof(bs_value)))
    return fail(c, "a cell's references lie outside of it");
  for (size_t i = 0; i < children.count; i++) {
    bs_value child = children.slots[i];
    if (bs_is_cell(child) && !is_live_cell(c->heap, child) && !bs_is_shared(c->heap, child))
      return fail(c, "a cell refers to what is no cell");
  }
  return true;
}

static bool change_counts(check *c, bs_cell *cell) {
  bs_children children = bs_children_of(c->heap, cell);
  for (size_t i = 0; i < children.count; i++) {
    if (!bs_is_cell(children.slots[i])) continue;
    bs_cell *child = bs_cell_of(children.slots[i]);
    if (bs_is_shared(c->heap, children.slots[i])) continue;
    if ((child->bits & BS_CELL_KEPT) == 0) child->refs += c->change;
  }
  return true;
}

/** Runs while every count is less by the references found: below zero, it was too small. */
static bool check_count(check *c, bs_cell *cell) {
  bool below_zero = (cell->refs & BS_REFS_SHARED) != (c->heap->is_region ? BS_REFS_SHARED : 0);
  if ((cell->bits & BS_CELL_KEPT) == 0 && below_zero)
    return fail(c, "a cell has fewer references counted than it has");
  return true;
}

/** A count that has reached its bound stays there; one that falls below zero must not look like it.
 */
static bool flag_kept(check *c, bs_cell *cell) {
  (void)c;
  if (cell->refs == UINT32_MAX) cell->bits |= BS_CELL_KEPT;
  return true;
}

static bool unflag_kept(check *c, bs_cell *cell) {
  (void)c;
  cell->bits &= ~BS_CELL_KEPT;
  return true;
}

static bool check_reference_counts(check *c) {
  each_live(c, flag_kept);
  c->change = UINT32_MAX;
  each_live(c, change_counts);
  bool right = each_live(c, check_count);
  c->change = 1;
  each_live(c, change_counts);
  each_live(c, unflag_kept);
  return right;
}

bs_status bs_heap_verify(bs_heap *heap, const char **fault) {
  check c = {.heap = heap};
  bool right = check_pages(&c) && check_lists(&c) && each_live(&c, check_header) &&
               check_reference_counts(&c);
  if (right && c.live_cells != heap->stats.live_cells) right = fail(&c, "live cells miscounted");
  if (right && c.live_bytes != heap->stats.live_bytes) right = fail(&c, "live bytes miscounted");
  if (fault != NULL) *fault = c.fault;
  return right ? BS_OK : BS_CORRUPT;
}

void bs_heap_each_cell(bs_heap *heap, void (*visit)(void *context, bs_cell *cell), void *context) {
  for (uint32_t index = 0; index < heap->page_count; index += heap->pages[index].run) {
    const bs_page *page = &heap->pages[index];
    if (page->state == BS_PAGE_FREE) continue;
    for (uint32_t i = 0; i < cells_of_page(page); i++) {
      bs_cell *cell = cell_of_page(heap, index, i);
      if (cell->bits != 0) visit(context, cell);
    }
  }
}
