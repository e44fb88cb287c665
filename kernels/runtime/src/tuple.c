// Tuples as cells.
#include <basalt/tuple.h>

#include "value-cells.h"

static bs_tuple_cell *cell_of(bs_value tuple) {
  return (bs_tuple_cell *)bs_cell_of(tuple);
}

bs_status bs_tuple_new(bs_heap *heap, const bs_value *items, size_t count, bs_value *out) {
  if (count > BS_HEAP_MAX_BYTES / sizeof(bs_value)) return BS_NOMEM;
  bs_tuple_cell *tuple = bs_alloc(heap, BS_KIND_TUPLE, sizeof *tuple + count * sizeof(bs_value));
  if (tuple == NULL) return BS_NOMEM;
  tuple->count = count;
  for (size_t i = 0; i < count; i++) {
    tuple->items[i] = items == NULL ? BS_NULL : bs_retain(items[i]);
  }
  *out = bs_from_cell(tuple);
  return BS_OK;
}

const bs_value *bs_tuple_items(bs_value tuple) {
  return cell_of(tuple)->items;
}

size_t bs_tuple_count(bs_value tuple) {
  return cell_of(tuple)->count;
}
