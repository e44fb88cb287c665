// Cells in pages of one size class each. A page that becomes empty goes back to the free runs, and
// a cell of a larger class serves where no page is left, so that memory is out only when nothing
// fits.
#include "heap-state.h"
#include "poison.h"

/** Multiples of 16; steps of 16 to 128, then four a doubling, then what divides a page well. */
static const uint16_t CLASS_BYTES[BS_CLASS_COUNT] = {16,  32,  48,  64,  80,   96,   112,
                                                     128, 160, 192, 224, 256,  320,  384,
                                                     448, 512, 640, 800, 1024, 1360, 2048};

size_t bs_class_bytes(uint32_t size_class) {
  return CLASS_BYTES[size_class];
}

uint32_t bs_class_cells(uint32_t size_class) {
  return (uint32_t)(BS_PAGE_BYTES / CLASS_BYTES[size_class]);
}

static uint32_t class_for(size_t bytes) {
  if (bytes <= 128) return (uint32_t)((bytes + 15) / 16) - 1;
  uint32_t size_class = 8;
  while (CLASS_BYTES[size_class] < bytes)
    size_class++;
  return size_class;
}

static bs_cell *cell_at(const bs_heap *heap, uint32_t page, uint32_t index) {
  size_t offset = (size_t)index * CLASS_BYTES[heap->pages[page].size_class];
  return (bs_cell *)(void *)(bs_page_start(heap, page) + offset);
}

static void link_partial(bs_heap *heap, uint32_t index) {
  bs_page *page = &heap->pages[index];
  page->previous = BS_NO_PAGE;
  page->next = heap->partial[page->size_class];
  if (page->next != BS_NO_PAGE) heap->pages[page->next].previous = index;
  heap->partial[page->size_class] = index;
}

static void unlink_partial(bs_heap *heap, uint32_t index) {
  bs_page *page = &heap->pages[index];
  if (page->next != BS_NO_PAGE) heap->pages[page->next].previous = page->previous;
  if (page->previous != BS_NO_PAGE)
    heap->pages[page->previous].next = page->next;
  else
    heap->partial[page->size_class] = page->next;
}

static bool add_page(bs_heap *heap, uint32_t size_class) {
  uint32_t index = bs_pages_take(heap, 1);
  if (index == BS_NO_PAGE) return false;
  heap->pages[index] =
      (bs_page){.state = BS_PAGE_SMALL, .size_class = (uint8_t)size_class, .run = 1};
  link_partial(heap, index);
  return true;
}

static void count_in(bs_heap *heap, size_t bytes) {
  heap->stats.live_bytes += bytes;
  heap->stats.live_cells++;
  if (heap->stats.live_bytes > heap->stats.peak_bytes)
    heap->stats.peak_bytes = heap->stats.live_bytes;
}

static bs_cell *fresh(bs_cell *cell, uint32_t kind, uint32_t size_class, size_t bytes) {
  bs_unpoison(cell, bytes);
  __builtin_memset(cell, 0, bytes);
  cell->bits = kind | (size_class << 8);
  return cell;
}

static bs_cell *take_large(bs_heap *heap, uint32_t kind, size_t bytes) {
  size_t pages = (bytes - 1) / BS_PAGE_BYTES + 1;
  if (pages > heap->page_count) return NULL;
  uint32_t count = (uint32_t)pages;
  uint32_t first = bs_pages_take(heap, count);
  if (first == BS_NO_PAGE) return NULL;
  heap->pages[first + count - 1].state = BS_PAGE_LARGE_END;
  heap->pages[first] = (bs_page){.state = BS_PAGE_LARGE,
                                 .size_class = BS_CLASS_LARGE,
                                 .mutables = heap->kinds[kind].is_mutable ? 1 : 0,
                                 .run = count};
  count_in(heap, pages * BS_PAGE_BYTES);
  void *start = bs_page_start(heap, first);
  return fresh(start, kind, BS_CLASS_LARGE, pages * BS_PAGE_BYTES);
}

static bs_cell *take_small(bs_heap *heap, uint32_t kind, uint32_t size_class) {
  uint32_t index = heap->partial[size_class];
  bs_page *page = &heap->pages[index];
  bs_cell *cell;
  if (page->free != 0) {
    cell = cell_at(heap, index, page->free - 1u);
    page->free = (uint16_t)cell->link;
  } else {
    cell = cell_at(heap, index, page->used);
    page->used++;
  }
  page->live++;
  if (heap->kinds[kind].is_mutable) page->mutables++;
  if (page->live == bs_class_cells(size_class)) unlink_partial(heap, index);
  count_in(heap, CLASS_BYTES[size_class]);
  return fresh(cell, kind, size_class, CLASS_BYTES[size_class]);
}

bs_cell *bs_cell_take(bs_heap *heap, uint32_t kind, size_t bytes) {
  if (bytes > CLASS_BYTES[BS_CLASS_COUNT - 1]) return take_large(heap, kind, bytes);
  uint32_t size_class = class_for(bytes);
  if (heap->partial[size_class] != BS_NO_PAGE || add_page(heap, size_class))
    return take_small(heap, kind, size_class);
  for (uint32_t larger = size_class + 1; larger < BS_CLASS_COUNT; larger++) {
    if (heap->partial[larger] != BS_NO_PAGE) return take_small(heap, kind, larger);
  }
  return NULL;
}

static void give_large(bs_heap *heap, uint32_t index) {
  uint32_t count = heap->pages[index].run;
  heap->stats.live_bytes -= count * BS_PAGE_BYTES;
  bs_poison(bs_page_start(heap, index), count * BS_PAGE_BYTES);
  bs_pages_give(heap, index, count);
}

void bs_cell_give(bs_heap *heap, bs_cell *cell) {
  uint32_t index = bs_page_index(heap, cell);
  bs_page *page = &heap->pages[index];
  heap->stats.live_cells--;
  if (page->state == BS_PAGE_LARGE) {
    give_large(heap, index);
    return;
  }
  size_t bytes = CLASS_BYTES[page->size_class];
  uint32_t cells = bs_class_cells(page->size_class);
  heap->stats.live_bytes -= bytes;
  if (heap->kinds[bs_kind_of(cell)].is_mutable) page->mutables--;
  if (page->live == cells) link_partial(heap, index);
  page->live--;
  if (page->live == 0) {
    unlink_partial(heap, index);
    bs_poison(bs_page_start(heap, index), BS_PAGE_BYTES);
    bs_pages_give(heap, index, 1);
    return;
  }
  cell->bits = 0;
  cell->link = page->free;
  size_t offset = (size_t)((unsigned char *)cell - bs_page_start(heap, index));
  page->free = (uint16_t)(offset / bytes + 1);
  // The header of a free cell is the heap's.
  bs_poison(cell + 1, bytes - sizeof(bs_cell));
}
