// Tuples: a fixed number of values side by side.
#pragma once

#include <basalt/heap.h>

/** A tuple of copies of the references in `items`, which it retains; with `items` NULL all are
 * null. */
bs_status bs_tuple_new(bs_heap *heap, const bs_value *items, size_t count, bs_value *out);

/** Its values, borrowed. O(1). */
const bs_value *bs_tuple_items(bs_value tuple);

/** How many there are. O(1). */
size_t bs_tuple_count(bs_value tuple);
