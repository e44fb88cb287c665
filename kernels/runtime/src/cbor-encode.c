// Writes the canonical encoding into bytes that grow.
#include <basalt/cbor.h>

#include <basalt/map.h>
#include <basalt/text.h>
#include <basalt/value.h>

#include "byte-writer.h"
#include "float-narrow.h"
#include "integer-parts.h"
#include "value-list.h"

/** Major types of RFC 8949, section 3.1. */
enum { MAJOR_POSITIVE, MAJOR_NEGATIVE, MAJOR_BYTES, MAJOR_TEXT, MAJOR_LIST, MAJOR_MAP };

static bs_status write_value(bs_byte_writer *to, bs_value value, int depth);

/** The shortest head of a major type. */
static bs_status put_head(bs_byte_writer *to, int major, uint64_t argument) {
  uint8_t type = (uint8_t)(major << 5);
  if (argument < 24) return bs_writer_head(to, (uint8_t)(type | argument), 0, 0);
  if (argument < 0x100) return bs_writer_head(to, type | 24, argument, 1);
  if (argument < 0x10000) return bs_writer_head(to, type | 25, argument, 2);
  if (argument < 0x100000000) return bs_writer_head(to, type | 26, argument, 4);
  return bs_writer_head(to, type | 27, argument, 8);
}

static bs_status put_string(bs_byte_writer *to, int major, const void *bytes, size_t length) {
  bs_status status = put_head(to, major, length);
  return status == BS_OK ? bs_writer_bytes(to, bytes, length) : status;
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

static bs_status write_integer(bs_byte_writer *to, bs_value integer) {
  bs_integer_parts parts;
  bs_integer_open(integer, &parts);
  if (parts.count == 0) return put_head(to, MAJOR_POSITIVE, 0);
  uint64_t bits = bs_natural_bits(parts.limbs, parts.count);
  if (parts.negative && is_power_of_two(&parts)) bits--;
  size_t length = (size_t)((bits + 7) / 8);
  if (length > 8) {
    bs_status status = bs_writer_head(to, parts.negative ? 0xc3 : 0xc2, 0, 0);
    if (status == BS_OK) status = put_head(to, MAJOR_BYTES, length);
    uint8_t *at = status == BS_OK ? bs_writer_reserve(to, length) : NULL;
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

static bs_status write_float(bs_byte_writer *to, double number) {
  if (number != number) return bs_writer_head(to, 0xf9, 0x7e00, 2);
  if (bs_float_is_integer(number)) return write_integer(to, bs_from_small((int64_t)number));
  if (!bs_float_fits_single(number)) return bs_writer_head(to, 0xfb, bs_float_to_bits(number), 8);
  int32_t half = bs_float_to_half_bits(number);
  if (half >= 0) return bs_writer_head(to, 0xf9, (uint64_t)half, 2);
  return bs_writer_head(to, 0xfa, bs_float_to_single_bits(number), 4);
}

static bs_status write_list(bs_byte_writer *to, bs_value list, int depth) {
  size_t count = bs_list_count(list);
  bs_status status = put_head(to, MAJOR_LIST, count);
  for (size_t i = 0; status == BS_OK && i < count; i++) {
    status = write_value(to, bs_list_get(list, i), depth + 1);
  }
  return status;
}

static bs_status write_map(bs_byte_writer *to, bs_value map, int depth) {
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

static bs_status write_value(bs_byte_writer *to, bs_value value, int depth) {
  if (value == BS_NULL) return bs_writer_head(to, 0xf6, 0, 0);
  if (value == BS_FALSE) return bs_writer_head(to, 0xf4, 0, 0);
  if (value == BS_TRUE) return bs_writer_head(to, 0xf5, 0, 0);
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
  bs_byte_writer to;
  if (bs_writer_begin(heap, &to) != BS_OK) return BS_NOMEM;
  return bs_writer_end(&to, write_value(&to, value, 0), out);
}
