// Text as cells.
#include <basalt/text.h>

#include "memory.h"
#include "search.h"
#include "value-cells.h"

static bs_text_cell *cell_of(bs_value text) {
  return (bs_text_cell *)bs_cell_of(text);
}

/** Room for a text; its bytes are still to be filled. */
static bs_text_cell *new_text(bs_heap *heap, size_t length, size_t points) {
  if (length > BS_HEAP_MAX_BYTES) return NULL;
  bs_text_cell *text = bs_alloc(heap, BS_KIND_TEXT, sizeof *text + length);
  if (text == NULL) return NULL;
  text->length = length;
  text->points = points;
  return text;
}

bs_status bs_text_new(bs_heap *heap, const char *bytes, size_t length, bs_value *out) {
  size_t points;
  if (!bs_utf8_check(bytes, length, &points)) return BS_CORRUPT;
  bs_text_cell *text = new_text(heap, length, points);
  if (text == NULL) return BS_NOMEM;
  bs_copy(text->bytes, bytes, length);
  *out = bs_from_cell(text);
  return BS_OK;
}

const char *bs_text_bytes(bs_value text) {
  return cell_of(text)->bytes;
}

size_t bs_text_length(bs_value text) {
  return cell_of(text)->length;
}

size_t bs_text_points(bs_value text) {
  return cell_of(text)->points;
}

uint32_t bs_text_hash(bs_value text, uint64_t seed) {
  bs_text_cell *cell = cell_of(text);
  // Zero says that it was not computed yet; a text whose hash is zero is hashed every time, and not
  // written then, as other threads may read it.
  if (cell->hash != 0) return cell->hash;
  uint32_t hash = bs_text_hash_bytes(cell->bytes, cell->length, seed);
  if (hash != 0) cell->hash = hash;
  return hash;
}

int bs_text_compare(bs_value a, bs_value b) {
  const bs_text_cell *left = cell_of(a);
  const bs_text_cell *right = cell_of(b);
  size_t shorter = left->length < right->length ? left->length : right->length;
  int order = bs_compare(left->bytes, right->bytes, shorter);
  if (order != 0 || left->length == right->length) return order;
  return left->length < right->length ? -1 : 1;
}

int bs_text_compare_keys(bs_value a, bs_value b) {
  const bs_text_cell *left = cell_of(a);
  const bs_text_cell *right = cell_of(b);
  if (left->length != right->length) return left->length < right->length ? -1 : 1;
  return bs_compare(left->bytes, right->bytes, left->length);
}

bs_status bs_text_concat(bs_heap *heap, bs_value a, bs_value b, bs_value *out) {
  const bs_text_cell *left = cell_of(a);
  const bs_text_cell *right = cell_of(b);
  size_t points = left->points + right->points;
  bs_text_cell *text = new_text(heap, left->length + right->length, points);
  if (text == NULL) return BS_NOMEM;
  bs_copy(text->bytes, left->bytes, left->length);
  bs_copy(text->bytes + left->length, right->bytes, right->length);
  *out = bs_from_cell(text);
  return BS_OK;
}

/** The offset of a code point, counted from one whose offset is known. */
static size_t offset_of(const bs_text_cell *text, size_t from, size_t points) {
  if (text->points == text->length) return from + points;
  while (points > 0) {
    do
      from++;
    while (from < text->length && ((uint8_t)text->bytes[from] & 0xc0) == 0x80);
    points--;
  }
  return from;
}

bs_status bs_text_slice(bs_heap *heap, bs_value text, size_t from, size_t to, bs_value *out) {
  const bs_text_cell *cell = cell_of(text);
  if (from > to || to > cell->points) return BS_RANGE;
  size_t start = offset_of(cell, 0, from);
  size_t end = offset_of(cell, start, to - from);
  bs_text_cell *slice = new_text(heap, end - start, to - from);
  if (slice == NULL) return BS_NOMEM;
  bs_copy(slice->bytes, cell->bytes + start, end - start);
  *out = bs_from_cell(slice);
  return BS_OK;
}

size_t bs_text_find(bs_value text, bs_value needle, size_t from) {
  const bs_text_cell *in = cell_of(text);
  const bs_text_cell *sought = cell_of(needle);
  if (from > in->points) return BS_NOT_FOUND;
  size_t start = offset_of(in, 0, from);
  const uint8_t *bytes = (const uint8_t *)in->bytes + start;
  size_t at = bs_search(bytes, in->length - start, (const uint8_t *)sought->bytes, sought->length);
  if (at == BS_NOT_FOUND || in->points == in->length) return at == BS_NOT_FOUND ? at : from + at;
  size_t points = 0;
  (void)bs_utf8_check(in->bytes + start, at, &points);
  return from + points;
}
