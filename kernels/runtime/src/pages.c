// Runs of free pages: kept in bins by the power of two of their length, split from the front and
// merged with their neighbours when they come back. All in constant time while a larger bin has a
// run.
#include "heap-state.h"

static uint32_t bin_of(uint32_t count) {
  return 31u - (uint32_t)__builtin_clz(count);
}

static void link_run(bs_heap *heap, uint32_t first, uint32_t count) {
  uint32_t bin = bin_of(count);
  bs_page *head = &heap->pages[first];
  bs_page *tail = &heap->pages[first + count - 1];
  tail->state = BS_PAGE_FREE;
  tail->run = count;
  head->state = BS_PAGE_FREE;
  head->run = count;
  head->previous = BS_NO_PAGE;
  head->next = heap->run_bins[bin];
  if (head->next != BS_NO_PAGE) heap->pages[head->next].previous = first;
  heap->run_bins[bin] = first;
  heap->run_bins_used |= 1u << bin;
}

static void unlink_run(bs_heap *heap, uint32_t first) {
  bs_page *head = &heap->pages[first];
  uint32_t bin = bin_of(head->run);
  if (head->next != BS_NO_PAGE) heap->pages[head->next].previous = head->previous;
  if (head->previous != BS_NO_PAGE) {
    heap->pages[head->previous].next = head->next;
  } else {
    heap->run_bins[bin] = head->next;
    if (head->next == BS_NO_PAGE) heap->run_bins_used &= ~(1u << bin);
  }
}

/** A free run of at least `count` pages. Every run in a bin above fits; in its own bin one may. */
static uint32_t find_run(const bs_heap *heap, uint32_t count) {
  uint32_t bin = bin_of(count);
  uint32_t own = heap->run_bins[bin];
  if (own != BS_NO_PAGE && heap->pages[own].run >= count) return own;
  uint32_t above = bin == 31 ? 0 : heap->run_bins_used & (UINT32_MAX << (bin + 1));
  if (above != 0) return heap->run_bins[__builtin_ctz(above)];
  while (own != BS_NO_PAGE && heap->pages[own].run < count)
    own = heap->pages[own].next;
  return own;
}

uint32_t bs_pages_take(bs_heap *heap, uint32_t count) {
  uint32_t first = find_run(heap, count);
  if (first == BS_NO_PAGE) return BS_NO_PAGE;
  unlink_run(heap, first);
  uint32_t rest = heap->pages[first].run - count;
  if (rest > 0) link_run(heap, first + count, rest);
  return first;
}

void bs_pages_give(bs_heap *heap, uint32_t first, uint32_t count) {
  uint32_t after = first + count;
  if (after < heap->page_count && heap->pages[after].state == BS_PAGE_FREE) {
    count += heap->pages[after].run;
    unlink_run(heap, after);
  }
  if (first > 0 && heap->pages[first - 1].state == BS_PAGE_FREE) {
    uint32_t before = heap->pages[first - 1].run;
    first -= before;
    count += before;
    unlink_run(heap, first);
  }
  link_run(heap, first, count);
  // The round of cycle collection walks from run to run: it must not be left inside of one.
  uint32_t *walked = &heap->round.page;
  if (*walked > first && *walked < first + count) *walked = first + count;
}
