// Vectors and tuples are both lists.
#pragma once

#include <basalt/kinds.h>
#include <basalt/tuple.h>
#include <basalt/vector.h>

static inline bool bs_is_list(bs_value value) {
  return bs_is_kind(value, BS_KIND_VECTOR) || bs_is_kind(value, BS_KIND_TUPLE);
}

static inline size_t bs_list_count(bs_value list) {
  return bs_is_kind(list, BS_KIND_TUPLE) ? bs_tuple_count(list) : bs_vector_count(list);
}

static inline bs_value bs_list_get(bs_value list, size_t index) {
  return bs_is_kind(list, BS_KIND_TUPLE) ? bs_tuple_items(list)[index] : bs_vector_get(list, index);
}
