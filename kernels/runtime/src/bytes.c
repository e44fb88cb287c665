// Bytes as cells.
#include <basalt/text.h>

#include "memory.h"
#include "search.h"
#include "value-cells.h"

static bs_bytes_cell *cell_of(bs_value bytes) {
  return (bs_bytes_cell *)bs_cell_of(bytes);
}

bs_status bs_bytes_new(bs_heap *heap, const void *bytes, size_t length, bs_value *out) {
  if (length > BS_HEAP_MAX_BYTES) return BS_NOMEM;
  bs_bytes_cell *cell = bs_alloc(heap, BS_KIND_BYTES, sizeof *cell + length);
  if (cell == NULL) return BS_NOMEM;
  cell->length = length;
  if (bytes != NULL) bs_copy(cell->bytes, bytes, length);
  *out = bs_from_cell(cell);
  return BS_OK;
}

const uint8_t *bs_bytes_data(bs_value bytes) {
  return cell_of(bytes)->bytes;
}

size_t bs_bytes_length(bs_value bytes) {
  return cell_of(bytes)->length;
}

int bs_bytes_compare(bs_value a, bs_value b) {
  const bs_bytes_cell *left = cell_of(a);
  const bs_bytes_cell *right = cell_of(b);
  size_t shorter = left->length < right->length ? left->length : right->length;
  int order = bs_compare(left->bytes, right->bytes, shorter);
  if (order != 0 || left->length == right->length) return order;
  return left->length < right->length ? -1 : 1;
}

bs_status bs_bytes_concat(bs_heap *heap, bs_value a, bs_value b, bs_value *out) {
  const bs_bytes_cell *left = cell_of(a);
  const bs_bytes_cell *right = cell_of(b);
  bs_status status = bs_bytes_new(heap, NULL, left->length + right->length, out);
  if (status != BS_OK) return status;
  bs_copy(cell_of(*out)->bytes, left->bytes, left->length);
  bs_copy(cell_of(*out)->bytes + left->length, right->bytes, right->length);
  return BS_OK;
}

bs_status bs_bytes_slice(bs_heap *heap, bs_value bytes, size_t from, size_t to, bs_value *out) {
  if (from > to || to > cell_of(bytes)->length) return BS_RANGE;
  return bs_bytes_new(heap, cell_of(bytes)->bytes + from, to - from, out);
}

size_t bs_bytes_find(bs_value bytes, bs_value needle, size_t from) {
  const bs_bytes_cell *in = cell_of(bytes);
  const bs_bytes_cell *sought = cell_of(needle);
  if (from > in->length) return BS_NOT_FOUND;
  size_t at = bs_search(in->bytes + from, in->length - from, sought->bytes, sought->length);
  return at == BS_NOT_FOUND ? BS_NOT_FOUND : from + at;
}
