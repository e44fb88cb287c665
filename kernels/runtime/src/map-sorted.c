// The entries of a map in canonical order: heapsort, in place and without recursion.
#include <basalt/tuple.h>

#include "map-trie.h"

static void swap_entries(bs_value *items, size_t a, size_t b) {
  for (size_t i = 0; i < 2; i++) {
    bs_value kept = items[2 * a + i];
    items[2 * a + i] = items[2 * b + i];
    items[2 * b + i] = kept;
  }
}

static bool precedes(const bs_value *items, size_t a, size_t b) {
  return bs_text_compare_keys(items[2 * a], items[2 * b]) < 0;
}

/** Lets the entry at `at` sink until both below it come before it. */
static void sink(bs_value *items, size_t at, size_t count) {
  for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
    if (child + 1 < count && precedes(items, child, child + 1)) child++;
    if (!precedes(items, at, child)) return;
    swap_entries(items, at, child);
    at = child;
  }
}

bs_status bs_map_sorted(bs_heap *heap, bs_value map, bs_value *out) {
  size_t count = bs_map_count(map);
  bs_status status = bs_tuple_new(heap, NULL, 2 * count, out);
  if (status != BS_OK) return status;
  bs_value *items = ((bs_tuple_cell *)bs_cell_of(*out))->items;
  bs_map_walk walk;
  bs_value key;
  bs_value value;
  bs_map_walk_start(&walk, map);
  for (size_t i = 0; bs_map_walk_next(&walk, &key, &value); i += 2) {
    items[i] = bs_retain(key);
    items[i + 1] = bs_retain(value);
  }
  for (size_t i = count / 2; i > 0; i--)
    sink(items, i - 1, count);
  for (size_t i = count; i > 1; i--) {
    swap_entries(items, 0, i - 1);
    sink(items, 0, i - 1);
  }
  return BS_OK;
}
