// Writes MessagePack into bytes that grow.
#include <basalt/msgpack.h>

#include <basalt/map.h>
#include <basalt/number.h>
#include <basalt/text.h>
#include <basalt/value.h>

#include "byte-writer.h"
#include "float-narrow.h"
#include "value-list.h"

/** The first bytes of a kind of item by the width of its length; 0 where there is none. */
typedef struct {
  uint8_t fixed;
  uint8_t fixed_below;
  uint8_t of_8_bits;
  uint8_t of_16_bits;
  uint8_t of_32_bits;
} heads;

static const heads text_heads = {0xa0, 32, 0xd9, 0xda, 0xdb};
static const heads bytes_heads = {0, 0, 0xc4, 0xc5, 0xc6};
static const heads list_heads = {0x90, 16, 0, 0xdc, 0xdd};
static const heads map_heads = {0x80, 16, 0, 0xde, 0xdf};

static bs_status write_value(bs_byte_writer *to, bs_value value, int depth);

static bs_status put_head(bs_byte_writer *to, const heads *head, uint64_t length) {
  if (length < head->fixed_below) return bs_writer_head(to, (uint8_t)(head->fixed | length), 0, 0);
  if (length < 0x100 && head->of_8_bits != 0) return bs_writer_head(to, head->of_8_bits, length, 1);
  if (length < 0x10000) return bs_writer_head(to, head->of_16_bits, length, 2);
  if (length < 0x100000000) return bs_writer_head(to, head->of_32_bits, length, 4);
  return BS_RANGE;
}

static bs_status put_string(bs_byte_writer *to, const heads *head, const void *bytes,
                            size_t length) {
  bs_status status = put_head(to, head, length);
  return status == BS_OK ? bs_writer_bytes(to, bytes, length) : status;
}

static bs_status put_natural(bs_byte_writer *to, uint64_t number) {
  if (number < 0x80) return bs_writer_head(to, (uint8_t)number, 0, 0);
  if (number < 0x100) return bs_writer_head(to, 0xcc, number, 1);
  if (number < 0x10000) return bs_writer_head(to, 0xcd, number, 2);
  if (number < 0x100000000) return bs_writer_head(to, 0xce, number, 4);
  return bs_writer_head(to, 0xcf, number, 8);
}

static bs_status write_integer(bs_byte_writer *to, bs_value integer) {
  int64_t number;
  if (!bs_integer_to_int64(integer, &number)) {
    uint8_t bytes[8];
    uint64_t natural = 0;
    if (bs_integer_is_negative(integer) || bs_integer_byte_length(integer) > 8) return BS_RANGE;
    bs_integer_to_bytes(integer, bytes);
    for (int i = 0; i < 8; i++)
      natural = natural << 8 | bytes[i];
    return put_natural(to, natural);
  }
  if (number >= 0) return put_natural(to, (uint64_t)number);
  if (number >= -32) return bs_writer_head(to, (uint8_t)number, 0, 0);
  if (number >= INT8_MIN) return bs_writer_head(to, 0xd0, (uint64_t)number, 1);
  if (number >= INT16_MIN) return bs_writer_head(to, 0xd1, (uint64_t)number, 2);
  if (number >= INT32_MIN) return bs_writer_head(to, 0xd2, (uint64_t)number, 4);
  return bs_writer_head(to, 0xd3, (uint64_t)number, 8);
}

static bs_status write_float(bs_byte_writer *to, double number) {
  if (number != number) return bs_writer_head(to, 0xca, 0x7fc00000, 4);
  if (bs_float_is_integer(number)) return write_integer(to, bs_from_small((int64_t)number));
  if (bs_float_fits_single(number))
    return bs_writer_head(to, 0xca, bs_float_to_single_bits(number), 4);
  return bs_writer_head(to, 0xcb, bs_float_to_bits(number), 8);
}

static bs_status write_list(bs_byte_writer *to, bs_value list, int depth) {
  size_t count = bs_list_count(list);
  bs_status status = put_head(to, &list_heads, count);
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
  status = put_head(to, &map_heads, count);
  for (size_t i = 0; status == BS_OK && i < 2 * count; i++) {
    status = write_value(to, items[i], depth + 1);
  }
  bs_release(to->heap, entries);
  return status;
}

static bs_status write_value(bs_byte_writer *to, bs_value value, int depth) {
  if (value == BS_NULL) return bs_writer_head(to, 0xc0, 0, 0);
  if (value == BS_FALSE) return bs_writer_head(to, 0xc2, 0, 0);
  if (value == BS_TRUE) return bs_writer_head(to, 0xc3, 0, 0);
  if (bs_is_integer(value)) return write_integer(to, value);
  if (!bs_is_cell(value)) return BS_INVALID;
  switch (bs_kind_of(bs_cell_of(value))) {
  case BS_KIND_FLOAT:
    return write_float(to, bs_float_get(value));
  case BS_KIND_TEXT:
    return put_string(to, &text_heads, bs_text_bytes(value), bs_text_length(value));
  case BS_KIND_BYTES:
    return put_string(to, &bytes_heads, bs_bytes_data(value), bs_bytes_length(value));
  case BS_KIND_TUPLE:
  case BS_KIND_VECTOR:
    return depth < BS_MAX_DEPTH ? write_list(to, value, depth) : BS_RANGE;
  case BS_KIND_MAP:
    return depth < BS_MAX_DEPTH ? write_map(to, value, depth) : BS_RANGE;
  default:
    return BS_INVALID;
  }
}

bs_status bs_msgpack_encode(bs_heap *heap, bs_value value, bs_value *out) {
  bs_byte_writer to;
  if (bs_writer_begin(heap, &to) != BS_OK) return BS_NOMEM;
  return bs_writer_end(&to, write_value(&to, value, 0), out);
}
