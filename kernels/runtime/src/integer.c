// Integers: what they are stored as, and conversions.
#include "integer-parts.h"

bs_status bs_float_new(bs_heap *heap, double number, bs_value *out) {
  bs_float_cell *cell = bs_alloc(heap, BS_KIND_FLOAT, sizeof *cell);
  if (cell == NULL) return BS_NOMEM;
  cell->number = number;
  *out = bs_from_cell(cell);
  return BS_OK;
}

double bs_float_get(bs_value value) {
  return ((bs_float_cell *)bs_cell_of(value))->number;
}

bool bs_is_integer(bs_value value) {
  return bs_is_small(value) || bs_is_kind(value, BS_KIND_INTEGER);
}

static uint64_t magnitude_of(int64_t number) {
  return number < 0 ? -(uint64_t)number : (uint64_t)number;
}

void bs_integer_open(bs_value integer, bs_integer_parts *parts) {
  if (!bs_is_small(integer)) {
    const bs_integer_cell *cell = (const bs_integer_cell *)bs_cell_of(integer);
    parts->limbs = cell->limbs;
    parts->count = cell->count;
    parts->negative = cell->negative;
    return;
  }
  int64_t number = bs_to_small(integer);
  uint64_t magnitude = magnitude_of(number);
  parts->small[0] = (bs_limb)magnitude;
  parts->small[1] = (bs_limb)(magnitude >> BS_LIMB_BITS);
  parts->limbs = parts->small;
  parts->count = bs_natural_trim(parts->small, 2);
  parts->negative = number < 0;
}

bs_integer_cell *bs_integer_reserve(bs_heap *heap, size_t limbs) {
  if (limbs > UINT32_MAX) return NULL;
  bs_integer_cell *cell = bs_alloc(heap, BS_KIND_INTEGER, sizeof *cell + limbs * sizeof(bs_limb));
  if (cell != NULL) cell->count = (uint32_t)limbs;
  return cell;
}

bs_value bs_integer_close(bs_heap *heap, bs_integer_cell *cell, bool negative) {
  size_t count = bs_natural_trim(cell->limbs, cell->count);
  if (count <= 2) {
    uint64_t magnitude = count > 0 ? cell->limbs[0] : 0;
    if (count > 1) magnitude |= (uint64_t)cell->limbs[1] << BS_LIMB_BITS;
    if (magnitude <= (uint64_t)BS_SMALL_MAX + negative) {
      bs_release(heap, bs_from_cell(cell));
      return bs_from_small(negative ? -(int64_t)magnitude : (int64_t)magnitude);
    }
  }
  cell->count = (uint32_t)count;
  cell->negative = negative;
  return bs_from_cell(cell);
}

bs_status bs_integer_new(bs_heap *heap, int64_t number, bs_value *out) {
  if (bs_fits_small(number)) {
    *out = bs_from_small(number);
    return BS_OK;
  }
  bs_integer_cell *cell = bs_integer_reserve(heap, 2);
  if (cell == NULL) return BS_NOMEM;
  cell->limbs[0] = (bs_limb)magnitude_of(number);
  cell->limbs[1] = (bs_limb)(magnitude_of(number) >> BS_LIMB_BITS);
  *out = bs_integer_close(heap, cell, number < 0);
  return BS_OK;
}

bool bs_integer_to_int64(bs_value integer, int64_t *out) {
  bs_integer_parts parts;
  bs_integer_open(integer, &parts);
  if (parts.count > 2) return false;
  uint64_t magnitude = 0;
  for (size_t i = parts.count; i > 0; i--)
    magnitude = magnitude << BS_LIMB_BITS | parts.limbs[i - 1];
  if (magnitude > (uint64_t)INT64_MAX + parts.negative) return false;
  *out = parts.negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
  return true;
}

bs_status bs_integer_from_bytes(bs_heap *heap, bool negative, const uint8_t *bytes, size_t length,
                                bs_value *out) {
  bs_integer_cell *cell = bs_integer_reserve(heap, length / 4 + 1);
  if (cell == NULL) return BS_NOMEM;
  for (size_t i = 0; i < length; i++) {
    cell->limbs[i / 4] |= (bs_limb)bytes[length - 1 - i] << (8 * (i % 4));
  }
  *out = bs_integer_close(heap, cell, negative);
  return BS_OK;
}

size_t bs_integer_byte_length(bs_value integer) {
  bs_integer_parts parts;
  bs_integer_open(integer, &parts);
  return (size_t)((bs_natural_bits(parts.limbs, parts.count) + 7) / 8);
}

void bs_integer_to_bytes(bs_value integer, uint8_t *out) {
  bs_integer_parts parts;
  size_t length = bs_integer_byte_length(integer);
  bs_integer_open(integer, &parts);
  for (size_t i = 0; i < length; i++) {
    out[length - 1 - i] = (uint8_t)(parts.limbs[i / 4] >> (8 * (i % 4)));
  }
}

bool bs_integer_is_negative(bs_value integer) {
  bs_integer_parts parts;
  bs_integer_open(integer, &parts);
  return parts.negative;
}

int bs_integer_compare(bs_value a, bs_value b) {
  bs_integer_parts x;
  bs_integer_parts y;
  bs_integer_open(a, &x);
  bs_integer_open(b, &y);
  if (x.negative != y.negative) return x.negative ? -1 : 1;
  int order = bs_natural_compare(x.limbs, x.count, y.limbs, y.count);
  return x.negative ? -order : order;
}
