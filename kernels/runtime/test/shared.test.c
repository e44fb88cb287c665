// Shared values and atoms of one thread: what is copied, what is refused, and memory that runs out.
#include <basalt/tuple.h>
#include <basalt/value.h>

#include "shared-heap.h"
#include "value-random.h"

enum { BYTES = 1 << 20 };

static bs_heap_stats region_stats(bs_region *region) {
  bs_heap_stats stats;
  bs_region_statistics(region, &stats);
  return stats;
}

static bool shares_any_value(void) {
  bs_region *region = test_region(BYTES, 0, NULL);
  bs_heap *heap = test_heap_in(region, BYTES, 0);
  bs_heap *other = test_heap_in(region, BYTES, 0);
  for (uint64_t seed = 1; seed <= 60; seed++) {
    uint64_t state = seed;
    bs_value value, shared, again, list;
    bool equal;
    tap_need(random_value(heap, &state, 3, &value) == BS_OK);
    tap_need(bs_share(heap, value, &shared) == BS_OK);
    tap_need(bs_value_equal(value, shared, &equal) == BS_OK && equal);
    tap_need(bs_is_cell(value) == bs_is_shared(heap, shared) && !bs_is_shared(heap, value));
    tap_need(bs_share(heap, shared, &again) == BS_OK && again == shared);
    bs_release(heap, value);
    // Another heap holds it by itself.
    tap_need(bs_tuple_new(other, &shared, 1, &list) == BS_OK);
    bs_release(heap, shared);
    bs_release(heap, again);
    tap_need(heap_is_whole(other) && heap_is_whole(heap));
    tap_need(bs_region_verify(region, NULL) == BS_OK);
    bs_release(other, list);
    bs_heap_collect(other);
  }
  return heap_ends_empty(heap) && heap_ends_empty(other) && region_ends_empty(region);
}

static bool copies_once_what_is_held_twice(void) {
  bs_region *region = test_region(BYTES, 0, NULL);
  bs_heap *heap = test_heap_in(region, BYTES, 0);
  bs_value value, shared;
  tap_need(bs_text_new(heap, "leaf", 4, &value) == BS_OK);
  // As a tree it would have 2^40 leaves.
  for (int i = 0; i < 40; i++) {
    bs_value twice[] = {value, value};
    tap_need(bs_tuple_new(heap, twice, 2, &shared) == BS_OK);
    bs_release(heap, value);
    value = shared;
  }
  tap_need(bs_share(heap, value, &shared) == BS_OK);
  tap_need(region_stats(region).live_cells == 41);
  bs_release(heap, value);
  bs_release(heap, shared);
  return heap_ends_empty(heap) && region_ends_empty(region);
}

/** Changes of a shared map and vector are made to copies in the heap. */
static bool never_changes_what_is_shared(void) {
  bs_region *region = test_region(BYTES, 0, NULL);
  bs_heap *heap = test_heap_in(region, BYTES, 0);
  bs_value map, vector, shared_map, shared_vector, key;
  tap_need(bs_map_new(heap, &map) == BS_OK && bs_vector_new(heap, &vector) == BS_OK);
  for (int64_t i = 0; i < 200; i++) {
    char text[16];
    int length = snprintf(text, sizeof text, "key %d", (int)i);
    tap_need(bs_text_new(heap, text, (size_t)length, &key) == BS_OK);
    tap_need(bs_map_set(heap, &map, key, bs_from_small(i)) == BS_OK);
    tap_need(bs_vector_push(heap, &vector, key) == BS_OK);
    bs_release(heap, key);
  }
  tap_need(bs_share(heap, map, &shared_map) == BS_OK);
  tap_need(bs_share(heap, vector, &shared_vector) == BS_OK);
  bs_value changed_map = bs_retain(shared_map);
  bs_value changed_vector = bs_retain(shared_vector);
  for (size_t i = 0; i < 200; i += 3) {
    key = bs_retain(bs_vector_get(shared_vector, i));
    tap_need(bs_map_remove(heap, &changed_map, key) == BS_OK);
    tap_need(bs_vector_set(heap, &changed_vector, i, BS_NULL) == BS_OK);
    tap_need(bs_map_get(shared_map, key) == bs_from_small((int64_t)i));
    bs_release(heap, key);
    tap_need(bs_vector_push(heap, &changed_vector, shared_map) == BS_OK);
  }
  bool equal;
  tap_need(bs_value_equal(map, shared_map, &equal) == BS_OK && equal);
  tap_need(bs_value_equal(vector, shared_vector, &equal) == BS_OK && equal);
  tap_need(heap_is_whole(heap) && bs_region_verify(region, NULL) == BS_OK);
  bs_value owned[] = {map, vector, shared_map, shared_vector, changed_map, changed_vector};
  for (size_t i = 0; i < 6; i++)
    bs_release(heap, owned[i]);
  return heap_ends_empty(heap) && region_ends_empty(region);
}

static bool refuses(void) {
  static _Alignas(16) unsigned char small[BS_HEAP_MIN_BYTES];
  bs_region_options none = {0};
  bs_region *region;
  bs_value atom, list, out;
  tap_need(bs_region_init(NULL, BYTES, &none, &region) == BS_INVALID);
  tap_need(bs_region_init(small, sizeof small, &none, &region) == BS_INVALID);
  tap_need(bs_region_init(small, sizeof small, NULL, &region) == BS_INVALID);
  tap_need(bs_region_init(small + 8, sizeof small, &none, &region) == BS_INVALID);
  region = test_region(BYTES, 0, NULL);
  bs_heap *heap = test_heap_in(region, BYTES, 0);
  bs_heap *alone = test_heap_in(NULL, BYTES, 0);
  tap_need(bs_share(alone, BS_NULL, &out) == BS_INVALID);
  tap_need(bs_shared_atom_new(alone, BS_NULL, &out) == BS_INVALID);
  tap_need(bs_atom_new(heap, BS_NULL, &atom) == BS_OK);
  bs_value texts[] = {BS_NONE, atom};
  tap_need(bs_text_new(heap, "text", 4, &texts[0]) == BS_OK);
  tap_need(bs_tuple_new(heap, texts, 2, &list) == BS_OK);
  tap_need(bs_share(heap, atom, &out) == BS_INVALID && bs_share(heap, list, &out) == BS_INVALID);
  tap_need(bs_shared_atom_new(heap, list, &out) == BS_INVALID);
  tap_need(bs_shared_atom_new(heap, texts[0], &out) == BS_OK);
  bs_value nested;
  tap_need(bs_share(heap, out, &nested) == BS_INVALID);
  tap_need(bs_shared_atom_swap(heap, out, list, NULL) == BS_INVALID);
  bs_value owned[] = {atom, list, texts[0], out};
  for (size_t i = 0; i < 4; i++)
    bs_release(heap, owned[i]);
  tap_need(heap_ends_empty(heap) && heap_ends_empty(alone));
  return region_ends_empty(region);
}

static bool replaces_values_of_atoms(void) {
  bs_region *region = test_region(BYTES, 0, NULL);
  bs_heap *heap = test_heap_in(region, BYTES, 0);
  bs_value text, atom, old;
  bool set;
  tap_need(bs_text_new(heap, "first", 5, &text) == BS_OK);
  tap_need(bs_shared_atom_new(heap, text, &atom) == BS_OK);
  bs_value loaded = bs_shared_atom_load(heap, atom);
  tap_need(bs_shared_atom_version(heap, atom) == 0 && bs_is_shared(heap, loaded));
  // What looks the same is another cell.
  tap_need(bs_shared_atom_compare_and_set(heap, atom, text, BS_NULL, &set) == BS_OK && !set);
  tap_need(bs_shared_atom_compare_and_set(heap, atom, loaded, bs_from_small(7), &set) == BS_OK);
  tap_need(set && bs_shared_atom_load(heap, atom) == bs_from_small(7));
  tap_need(bs_shared_atom_swap(heap, atom, text, &old) == BS_OK && old == bs_from_small(7));
  tap_need(bs_shared_atom_swap(heap, atom, BS_TRUE, NULL) == BS_OK);
  tap_need(bs_shared_atom_version(heap, atom) == 3);
  tap_need(bs_text_compare(text, loaded) == 0);
  bs_value owned[] = {text, atom, loaded};
  for (size_t i = 0; i < 3; i++)
    bs_release(heap, owned[i]);
  return heap_ends_empty(heap) && region_ends_empty(region);
}

/** Shares a value in many cells and puts it into an atom. */
static bs_status share_much(bs_heap *heap) {
  uint64_t seed = 5;
  bs_value value, atom;
  bs_status status = random_map(heap, &seed, 3, &value);
  if (status != BS_OK) return status;
  status = bs_shared_atom_new(heap, value, &atom);
  if (status == BS_OK) {
    status = bs_shared_atom_swap(heap, atom, value, NULL);
    bs_release(heap, atom);
  }
  bs_release(heap, value);
  return status;
}

/** Fails each allocation of the heap, or of the region, in turn. */
static bool any_allocation_may_fail(bool of_region) {
  for (uint64_t fail = 1;; fail++) {
    bs_heap_stats stats;
    bs_region *region = test_region(BYTES, of_region ? fail : 0, NULL);
    bs_heap *heap = test_heap_in(region, BYTES, of_region ? 0 : fail);
    bs_status status = share_much(heap);
    if (of_region)
      stats = region_stats(region);
    else
      bs_heap_statistics(heap, &stats);
    bool failed = stats.failed_allocations > 0;
    tap_need(status == (failed ? BS_NOMEM : BS_OK));
    tap_need(heap_ends_empty(heap) && region_ends_empty(region));
    if (!failed) return fail > 3;
  }
}

int main(void) {
  tap_ok(shares_any_value(), "a shared value is equal and other heaps hold it");
  tap_ok(copies_once_what_is_held_twice(), "what is held twice is copied once");
  tap_ok(never_changes_what_is_shared(), "changes go to copies in the heap");
  tap_ok(refuses(), "what cannot be shared is refused");
  tap_ok(replaces_values_of_atoms(), "values of shared atoms are replaced");
  tap_ok(any_allocation_may_fail(false), "each allocation of the heap may fail");
  tap_ok(any_allocation_may_fail(true), "each allocation of the region may fail");
  return tap_done();
}
