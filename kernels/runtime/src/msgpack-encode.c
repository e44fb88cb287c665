// Writes MessagePack into bytes that grow.
#include <basalt/msgpack.h>

#include <basalt/map.h>
#include <basalt/number.h>
#include <basalt/text.h>
#include <basalt/value.h>

#include "float-narrow.h"
#include "memory.h"
#include "value-cells.h"
#include "value-list.h"

enum { START_BYTES = 64, HEAD_BYTES = 9 };

typedef struct {
  bs_heap *heap;
  bs_bytes_cell *out;
} writer;

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

static bs_status write_value(writer *to, bs_value value, int depth);

/** Room for so many bytes more; NULL without memory. */
static uint8_t *reserve(writer *to, size_t bytes) {
  size_t used = to->out->length;
  size_t room = bs_capacity(to->heap, &to->out->cell) - sizeof(bs_bytes_cell);
  if (bytes > room - used) {
    bs_value grown;
    if (bytes > BS_HEAP_MAX_BYTES) return NULL;
    size_t length = used + bytes > 2 * room ? used + bytes : 2 * room;
    if (bs_bytes_new(to->heap, NULL, length, &grown) != BS_OK) return NULL;
    bs_bytes_cell *cell = (bs_bytes_cell *)bs_cell_of(grown);
    bs_copy(cell->bytes, to->out->bytes, used);
    cell->length = used;
    bs_release(to->heap, bs_from_cell(to->out));
    to->out = cell;
  }
  return to->out->bytes + used;
}

/** A first byte, and a number of so many bytes behind it. */
static bs_status put(writer *to, uint8_t first, uint64_t number, int bytes) {
  uint8_t *at = reserve(to, HEAD_BYTES);
  if (at == NULL) return BS_NOMEM;
  at[0] = first;
  for (int i = 0; i < bytes; i++)
    at[1 + i] = (uint8_t)(number >> (8 * (bytes - 1 - i)));
  to->out->length += 1 + (size_t)bytes;
  return BS_OK;
}

static bs_status put_head(writer *to, const heads *head, uint64_t length) {
  if (length < head->fixed_below) return put(to, (uint8_t)(head->fixed | length), 0, 0);
  if (length < 0x100 && head->of_8_bits != 0) return put(to, head->of_8_bits, length, 1);
  if (length < 0x10000) return put(to, head->of_16_bits, length, 2);
  if (length < 0x100000000) return put(to, head->of_32_bits, length, 4);
  return BS_RANGE;
}

static bs_status put_string(writer *to, const heads *head, const void *bytes, size_t length) {
  bs_status status = put_head(to, head, length);
  if (status != BS_OK) return status;
  uint8_t *at = reserve(to, length);
  if (at == NULL) return BS_NOMEM;
  bs_copy(at, bytes, length);
  to->out->length += length;
  return BS_OK;
}

static bs_status put_natural(writer *to, uint64_t number) {
  if (number < 0x80) return put(to, (uint8_t)number, 0, 0);
  if (number < 0x100) return put(to, 0xcc, number, 1);
  if (number < 0x10000) return put(to, 0xcd, number, 2);
  if (number < 0x100000000) return put(to, 0xce, number, 4);
  return put(to, 0xcf, number, 8);
}

static bs_status write_integer(writer *to, bs_value integer) {
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
  if (number >= -32) return put(to, (uint8_t)number, 0, 0);
  if (number >= INT8_MIN) return put(to, 0xd0, (uint64_t)number, 1);
  if (number >= INT16_MIN) return put(to, 0xd1, (uint64_t)number, 2);
  if (number >= INT32_MIN) return put(to, 0xd2, (uint64_t)number, 4);
  return put(to, 0xd3, (uint64_t)number, 8);
}

static bs_status write_float(writer *to, double number) {
  if (number != number) return put(to, 0xca, 0x7fc00000, 4);
  if (bs_float_is_integer(number)) return write_integer(to, bs_from_small((int64_t)number));
  if (bs_float_fits_single(number)) return put(to, 0xca, bs_float_to_single_bits(number), 4);
  return put(to, 0xcb, bs_float_to_bits(number), 8);
}

static bs_status write_list(writer *to, bs_value list, int depth) {
  size_t count = bs_list_count(list);
  bs_status status = put_head(to, &list_heads, count);
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
  status = put_head(to, &map_heads, count);
  for (size_t i = 0; status == BS_OK && i < 2 * count; i++) {
    status = write_value(to, items[i], depth + 1);
  }
  bs_release(to->heap, entries);
  return status;
}

static bs_status write_value(writer *to, bs_value value, int depth) {
  if (value == BS_NULL) return put(to, 0xc0, 0, 0);
  if (value == BS_FALSE) return put(to, 0xc2, 0, 0);
  if (value == BS_TRUE) return put(to, 0xc3, 0, 0);
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
