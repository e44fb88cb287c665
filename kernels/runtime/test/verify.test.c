// The verifier finds what a stray store can do to a heap, says which it is, and leaves all as it
// was.
#include "../src/heap-state.h"
#include "test-kinds.h"
#include <test/tap.h>

static _Alignas(16) unsigned char arena[1 << 20];

static const char *fault_of(bs_heap *heap) {
  const char *fault = NULL;
  bs_status status = bs_heap_verify(heap, &fault);
  return (status == BS_OK) == (fault == NULL) ? fault : "a status without its fault";
}

static bool is(const char *fault, const char *expected) {
  if (fault != NULL && strcmp(fault, expected) == 0) return true;
  printf("# found: %s\n", fault == NULL ? "nothing" : fault);
  return false;
}

/** Damages one place by `change`, expects the fault, and mends it again. */
#define FINDS(place, change, fault)                                                                \
  do {                                                                                             \
    __typeof__(place) kept = place;                                                                \
    place = (__typeof__(place))(change);                                                           \
    tap_need(is(fault_of(heap), fault));                                                           \
    place = kept;                                                                                  \
    tap_need(fault_of(heap) == NULL);                                                              \
  } while (0)

static bool finds_damaged_cells(bs_heap *heap, node *pair, node *leaf) {
  FINDS(leaf->cell.refs, 0, "a cell has fewer references counted than it has");
  FINDS(pair->cell.bits, (kept & ~0xffu) | KIND_COUNT, "a cell has a kind that is none");
  FINDS(pair->cell.bits, kept ^ 0x100, "a cell has another class than its page");
  FINDS(pair->slots[0], kept + 8, "a cell refers to what is no cell");
  FINDS(pair->slots[3], bs_from_cell(arena), "a cell refers to what is no cell");
  FINDS(pair->slots[3], (uint64_t)1 << 60, "a cell refers to what is no cell");
  wide *list = bs_alloc(heap, WIDE, 6000);
  list->count = 10;
  FINDS(list->count, 100000, "a cell's references lie outside of it");
  FINDS(list->count, SIZE_MAX, "a cell's references lie outside of it");
  return true;
}

static bool finds_damaged_pages(bs_heap *heap, node *pair, node *freed) {
  bs_page *page = &heap->pages[bs_page_index(heap, pair)];
  bs_page *last = &heap->pages[heap->page_count - 1];
  FINDS(page->live, kept + 1, "a page lost count of its cells");
  FINDS(page->mutables, 1, "a page lost count of its mutable cells");
  FINDS(page->used, 1000, "a page has more or fewer cells than it can");
  FINDS(page->size_class, 99, "a page has a class that is none");
  FINDS(page->state, 77, "a page has a state that is none");
  FINDS(page->run, UINT32_MAX, "a run of pages leaves the arena");
  FINDS(page->run, 0, "a run of pages leaves the arena");
  FINDS(page->free, 1, "a cell in use is on the list of the free");
  FINDS(page->previous, 0, "a list of pages is linked wrongly");
  FINDS(freed->cell.link, 9999, "a free cell is out of its page");
  FINDS(last->run, kept - 1, "a free run has two lengths");
  FINDS(heap->partial[3], BS_NO_PAGE, "a page with room is on no list");
  FINDS(heap->stats.live_cells, kept + 1, "live cells miscounted");
  FINDS(heap->stats.live_bytes, kept + 1, "live bytes miscounted");
  return true;
}

int main(void) {
  bs_heap *heap = make_heap(arena, sizeof arena, 0, 0);
  node *leaf = bs_alloc(heap, LEAF, sizeof(node));
  node *pair = make_node(heap, PAIR, bs_from_cell(leaf), BS_NULL);
  node *freed = bs_alloc(heap, LEAF, sizeof(node));
  bs_release(heap, bs_from_cell(freed));
  tap_ok(fault_of(heap) == NULL, "a heap that is whole has no fault");
  tap_ok(finds_damaged_pages(heap, pair, freed), "damaged pages and lists are found");
  tap_ok(finds_damaged_cells(heap, pair, leaf), "damaged cells are found");
  bs_release(heap, bs_from_cell(pair));
  tap_ok(stats_of(heap).live_cells == 1, "after all of which the heap still works");
  return tap_done();
}
