// Persistent vectors: a trie 32 wide with a tail. Copies share what they have in common.
//
// Who changes a vector owns a reference in `*vector`. Where it is the only one, cells are changed
// in place, so building a vector costs little more than filling an array; where it is not, the path
// is copied and all other holders keep what they have. After BS_NOMEM the vector has the same
// items.
#pragma once

#include <basalt/heap.h>

/** An empty vector. */
bs_status bs_vector_new(bs_heap *heap, bs_value *out);

/** Items in the vector. O(1). */
size_t bs_vector_count(bs_value vector);

/** The item at an index, borrowed; BS_NONE beyond the end. O(log32 count). */
bs_value bs_vector_get(bs_value vector, size_t index);

/** The items from an index on that lie side by side, borrowed, and how many there are: 1 to 32, or
 * 0 at the end. */
const bs_value *bs_vector_run(bs_value vector, size_t index, size_t *count);

/** Appends an item, of which it takes a reference of its own. O(1) amortised where owned alone. */
bs_status bs_vector_push(bs_heap *heap, bs_value *vector, bs_value item);

/** Replaces an item. BS_RANGE beyond the end. O(log32 count). */
bs_status bs_vector_set(bs_heap *heap, bs_value *vector, size_t index, bs_value item);

/** Takes the last item off. BS_RANGE for an empty vector. O(log32 count). */
bs_status bs_vector_pop(bs_heap *heap, bs_value *vector);
