// Writes the canonical encoding into bytes that grow.
#include <basalt/cbor.h>

#include <basalt/map.h>
#include <basalt/text.h>
#include <basalt/value.h>

#include "float-narrow.h"
#include "integer-parts.h"
#include "memory.h"
#include "value-list.h"

enum { START_BYTES = 64, HEAD_BYTES = 9 };

/** Major types of RFC 8949, section 3.1. */
enum { MAJOR_POSITIVE, MAJOR_NEGATIVE, MAJOR_BYTES, MAJOR_TEXT, MAJOR_LIST, MAJOR_MAP };

typedef struct {
  bs_heap *heap;
  bs_bytes_cell *out;
} writer;

static bs_status write_value(writer *to, bs_value value, int depth);

/** Room for so many bytes more; NULL without memory. */
static uint8_t *reserve(writer *to, size_t bytes) {
  size_t used = to->out->length;
  size_t room = bs_capacity(to->heap, &to->out->cell) - sizeof(bs_bytes_cell);
  if (bytes > room - used) {
    bs_value grown;
    size_t length = used + bytes > 2 * room ? used + bytes : 2 * room;
    if (bytes > BS_HEAP_MAX_BYTES) return NULL;
    if (bs_bytes_new(to->heap, NULL, length, &grown) != BS_OK) return NULL;
    bs_bytes_cell *cell = (bs_bytes_cell *)bs_cell_of(grown);
    bs_copy(cell->bytes, to->out->bytes, used);
    cell->length = used;
    bs_release(to->heap, bs_from_cell(to->out));
    to->out = cell;
  }
  return to->out->bytes + used;
}

static bs_status put_big_endian(writer *to, uint8_t first, uint64_t argument, int bytes) {
  uint8_t *at = reserve(to, HEAD_BYTES);
  if (at == NULL) return BS_NOMEM;
  at[0] = first;
  for (int i = 0; i < bytes; i++)
    at[1 + i] = (uint8_t)(argument >> (8 * (bytes - 1 - i)));
  to->out->length += 1 + (size_t)bytes;
  return BS_OK;
}

/** The shortest head of a major type. */
static bs_status put_head(writer *to, int major, uint64_t argument) {
  uint8_t type = (uint8_t)(major << 5);
  if (argument < 24) return put_big_endian(to, (uint8_t)(type | argument), 0, 0);
  if (argument < 0x100) return put_big_endian(to, type | 24, argument, 1);
  if (argument < 0x10000) return put_big_endian(to, type | 25, argument, 2);
  if (argument < 0x100000000) return put_big_endian(to, type | 26, argument, 4);
  return put_big_endian(to, type | 27, argument, 8);
}

static bs_status put_string(writer *to, int major, const void *bytes, size_t length) {
  bs_status status = put_head(to, major, length);
  uint8_t *at = status == BS_OK ? reserve(to, length) : NULL;
  if (at == NULL) return BS_NOMEM;
  bs_copy(at, bytes, length);
  to->out->length += length;
  return BS_OK;
}

/** Whether a magnitude is a power of two, where one less has one bit less. */
static bool is_power_of_two(const bs_integer_parts *parts) {
  bs_limb top = parts->limbs[parts->count - 1];
  return (top & (top - 1)) == 0 && bs_natural_trim(parts->limbs, parts->count - 1) == 0;
}

/** The low bytes of a magnitude, or of one less, big-endian. */
static void put_magnitude(const bs_integer_parts *parts, bool less_one, uint8_t *out,
                          size_t length) {
  uint32_t borrow = less_one;
  for (size_t i = 0; i < length; i++) {
    uint32_t byte = parts->limbs[i / 4] >> (8 * (i % 4)) & 0xff;
    out[length - 1 - i] = (uint8_t)(byte - borrow);
    borrow = byte < borrow;
  }
}

static bs_status write_integer(writer *to, bs_value integer) {
  bs_integer_parts parts;
  bs_integer_open(integer, &parts);
  if (parts.count == 0) return put_head(to, MAJOR_POSITIVE, 0);
  uint64_t bits = bs_natural_bits(parts.limbs, parts.count);
  if (parts.negative && is_power_of_two(&parts)) bits--;
  size_t length = (size_t)((bits + 7) / 8);
  if (length > 8) {
    bs_status status = put_big_endian(to, parts.negative ? 0xc3 : 0xc2, 0, 0);
    if (status == BS_OK) status = put_head(to, MAJOR_BYTES, length);
    uint8_t *at = status == BS_OK ? reserve(to, length) : NULL;
    if (at == NULL) return BS_NOMEM;
    put_magnitude(&parts, parts.negative, at, length);
    to->out->length += length;
    return BS_OK;
  }
  uint8_t bytes[8];
  uint64_t argument = 0;
  put_magnitude(&parts, parts.negative, bytes, length);
  for (size_t i = 0; i < length; i++)
    argument = argument << 8 | bytes[i];
  return put_head(to, parts.negative ? MAJOR_NEGATIVE : MAJOR_POSITIVE, argument);
}

static bs_status write_float(writer *to, double number) {
  if (number != number) return put_big_endian(to, 0xf9, 0x7e00, 2);
  if (bs_float_is_integer(number)) return write_integer(to, bs_from_small((int64_t)number));
  if (!bs_float_fits_single(number)) return put_big_endian(to, 0xfb, bs_float_to_bits(number), 8);
  int32_t half = bs_float_to_half_bits(number);
  if (half >= 0) return put_big_endian(to, 0xf9, (uint64_t)half, 2);
  return put_big_endian(to, 0xfa, bs_float_to_single_bits(number), 4);
}

static bs_status write_list(writer *to, bs_value list, int depth) {
  size_t count = bs_list_count(list);
  bs_status status = put_head(to, MAJOR_LIST, count);
  for (size_t i = 0; status == BS_OK && i < count; i++) {
    status = write_value(to, bs_list_get(list, i), depth + 1);
  }
  return status;
}

static bs_status write_map(writer *to, bs_value map, int depth) {
  bs_value entries;
  bs_status status = bs_map_sorted(to->heap, map, &entries);
  if (status != BS_OK) return status;
  const bs_value *items = bs_tuple_items(entries);
  size_t count = bs_map_count(map);
  status = put_head(to, MAJOR_MAP, count);
  for (size_t i = 0; status == BS_OK && i < 2 * count; i++) {
    status = write_value(to, items[i], depth + 1);
  }
  bs_release(to->heap, entries);
  return status;
}

static bs_status write_value(writer *to, bs_value value, int depth) {
  if (value == BS_NULL) return put_big_endian(to, 0xf6, 0, 0);
  if (value == BS_FALSE) return put_big_endian(to, 0xf4, 0, 0);
  if (value == BS_TRUE) return put_big_endian(to, 0xf5, 0, 0);
  if (bs_is_integer(value)) return write_integer(to, value);
  if (!bs_is_cell(value)) return BS_INVALID;
  switch (bs_kind_of(bs_cell_of(value))) {
  case BS_KIND_FLOAT:
    return write_float(to, bs_float_get(value));
  case BS_KIND_TEXT:
    return put_string(to, MAJOR_TEXT, bs_text_bytes(value), bs_text_length(value));
  case BS_KIND_BYTES:
    return put_string(to, MAJOR_BYTES, bs_bytes_data(value), bs_bytes_length(value));
  case BS_KIND_TUPLE:
  case BS_KIND_VECTOR:
    return depth < BS_MAX_DEPTH ? write_list(to, value, depth) : BS_RANGE;
  case BS_KIND_MAP:
    return depth < BS_MAX_DEPTH ? write_map(to, value, depth) : BS_RANGE;
  default:
    return BS_INVALID;
  }
}

bs_status bs_cbor_encode(bs_heap *heap, bs_value value, bs_value *out) {
  bs_value start;
  if (bs_bytes_new(heap, NULL, START_BYTES, &start) != BS_OK) return BS_NOMEM;
  writer to = {heap, (bs_bytes_cell *)bs_cell_of(start)};
  to.out->length = 0;
  bs_status status = write_value(&to, value, 0);
  if (status == BS_OK)
    *out = bs_from_cell(to.out);
  else
    bs_release(heap, bs_from_cell(to.out));
  return status;
}
