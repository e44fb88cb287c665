// The reader of MessagePack.
#include <basalt/msgpack.h>

#include <basalt/map.h>
#include <basalt/number.h>
#include <basalt/text.h>
#include <basalt/value.h>
#include <basalt/vector.h>

#include "float-narrow.h"

typedef struct {
  bs_heap *heap;
  const uint8_t *bytes;
  size_t length;
  size_t at;
  bool canonical;
  bs_msgpack_fault fault;
} reader;

static bs_status read_value(reader *in, int depth, bs_value *out);

static bs_status refuse(reader *in, bs_msgpack_error error, size_t offset, const char *problem) {
  in->fault = (bs_msgpack_fault){error, offset, problem};
  return BS_CORRUPT;
}

/** Refuses a form that bs_msgpack_encode does not write, where only its own are read. */
static bs_status other_form(reader *in, size_t start, const char *problem) {
  if (!in->canonical) return BS_OK;
  return refuse(in, BS_MSGPACK_NOT_CANONICAL, start, problem);
}

static bs_status need(reader *in, uint64_t bytes, size_t start) {
  if (bytes <= in->length - in->at) return BS_OK;
  return refuse(in, BS_MSGPACK_MALFORMED, start, "the bytes end inside it");
}

/** A number in so many bytes, big-endian. */
static bs_status take(reader *in, size_t bytes, size_t start, uint64_t *out) {
  bs_status status = need(in, bytes, start);
  if (status != BS_OK) return status;
  *out = 0;
  for (size_t i = 0; i < bytes; i++)
    *out = *out << 8 | in->bytes[in->at++];
  return BS_OK;
}

/** A number in so many bytes; `least` is the first that needs them. */
static bs_status take_head(reader *in, size_t bytes, uint64_t least, size_t start, uint64_t *out) {
  bs_status status = take(in, bytes, start, out);
  if (status != BS_OK || *out >= least) return status;
  return other_form(in, start, "its head is longer than it needs to be");
}

static bs_status make_natural(reader *in, uint64_t number, bs_value *out) {
  uint8_t bytes[8];
  if (number <= INT64_MAX) return bs_integer_new(in->heap, (int64_t)number, out);
  for (int i = 0; i < 8; i++)
    bytes[i] = (uint8_t)(number >> (8 * (7 - i)));
  return bs_integer_from_bytes(in->heap, false, bytes, sizeof bytes, out);
}

static bs_status read_unsigned(reader *in, size_t size, size_t start, bs_value *out) {
  uint64_t least = size == 1 ? 0x80 : 1ull << (4 * size);
  uint64_t number;
  bs_status status = take_head(in, size, least, start, &number);
  return status == BS_OK ? make_natural(in, number, out) : status;
}

static bs_status read_signed(reader *in, size_t size, size_t start, bs_value *out) {
  uint64_t bits;
  bs_status status = take(in, size, start, &bits);
  if (status != BS_OK) return status;
  uint64_t sign = 1ull << (8 * size - 1);
  int64_t number = (int64_t)((bits ^ sign) - sign);
  int64_t shorter = size == 1 ? -32 : -(int64_t)(1ull << (4 * size - 1));
  if (number >= 0)
    status = other_form(in, start, "it is not negative, but signed");
  else if (number >= shorter)
    status = other_form(in, start, "its head is longer than it needs to be");
  return status == BS_OK ? bs_integer_new(in->heap, number, out) : status;
}

static bs_status read_float(reader *in, size_t size, size_t start, bs_value *out) {
  uint64_t bits;
  bs_status status = take(in, size, start, &bits);
  if (status != BS_OK) return status;
  double number = size == 4 ? bs_float_from_single_bits((uint32_t)bits) : bs_float_from_bits(bits);
  if (number != number && (size != 4 || bits != 0x7fc00000))
    status = other_form(in, start, "NaN has the one encoding ca 7fc00000");
  else if (size == 8 && bs_float_fits_single(number))
    status = other_form(in, start, "a shorter float keeps the number");
  if (status != BS_OK) return status;
  if (number != number) number = bs_float_from_bits(BS_FLOAT_NAN);
  if (!bs_float_is_integer(number)) return bs_float_new(in->heap, number, out);
  *out = bs_from_small((int64_t)number);
  return other_form(in, start, "a whole number below 2^53 is encoded as an integer");
}

static bs_status read_bytes(reader *in, uint64_t length, size_t start, bs_value *out) {
  bs_status status = need(in, length, start);
  if (status != BS_OK) return status;
  in->at += (size_t)length;
  return bs_bytes_new(in->heap, in->bytes + in->at - length, (size_t)length, out);
}

static bs_status read_text(reader *in, uint64_t length, size_t start, bs_value *out) {
  bs_status status = need(in, length, start);
  if (status != BS_OK) return status;
  const char *text = (const char *)in->bytes + in->at;
  in->at += (size_t)length;
  status = bs_text_new(in->heap, text, (size_t)length, out);
  if (status != BS_CORRUPT) return status;
  return refuse(in, BS_MSGPACK_MALFORMED, start, "its text is not UTF-8");
}

/** Bounds nesting, and refuses a count that the bytes that are left cannot hold. */
static bs_status enter(reader *in, uint64_t count, uint64_t items_each, size_t start, int depth) {
  if (depth >= BS_MAX_DEPTH) {
    return refuse(in, BS_MSGPACK_TOO_DEEP, start, "it is nested too deeply");
  }
  if (count <= (in->length - in->at) / items_each) return BS_OK;
  return refuse(in, BS_MSGPACK_MALFORMED, start, "the bytes end inside it");
}

static bs_status read_list(reader *in, uint64_t count, size_t start, int depth, bs_value *out) {
  bs_value list;
  bs_status status = enter(in, count, 1, start, depth);
  if (status == BS_OK) status = bs_vector_new(in->heap, &list);
  if (status != BS_OK) return status;
  for (uint64_t i = 0; status == BS_OK && i < count; i++) {
    bs_value item;
    status = read_value(in, depth + 1, &item);
    if (status != BS_OK) break;
    status = bs_vector_push(in->heap, &list, item);
    bs_release(in->heap, item);
  }
  if (status == BS_OK)
    *out = list;
  else
    bs_release(in->heap, list);
  return status;
}

static bs_status read_key(reader *in, bs_value *out) {
  size_t start = in->at;
  uint64_t first;
  uint64_t length;
  bs_status status = take(in, 1, start, &first);
  if (status != BS_OK) return status;
  if (first >= 0xa0 && first <= 0xbf) return read_text(in, first - 0xa0, start, out);
  if (first == 0xd9)
    status = take_head(in, 1, 32, start, &length);
  else if (first == 0xda)
    status = take_head(in, 2, 0x100, start, &length);
  else if (first == 0xdb)
    status = take_head(in, 4, 0x10000, start, &length);
  else
    return refuse(in, BS_MSGPACK_UNSUPPORTED, start, "a map key is not text");
  return status == BS_OK ? read_text(in, length, start, out) : status;
}

/** Reads an entry into the map. `previous` is the key before, BS_NONE at the first, and becomes
 * this one; both are owned by the caller. */
static bs_status read_entry(reader *in, int depth, bs_value *map, bs_value *previous) {
  size_t start = in->at;
  bs_value key;
  bs_value value;
  bs_status status = read_key(in, &key);
  if (status != BS_OK) return status;
  bool ordered = *previous == BS_NONE || bs_text_compare_keys(*previous, key) < 0;
  bs_release(in->heap, *previous);
  *previous = key;
  if (bs_map_get(*map, key) != BS_NONE) {
    return refuse(in, BS_MSGPACK_UNSUPPORTED, start, "its key occurs twice in the map");
  }
  if (!ordered) status = other_form(in, start, "its key is out of order");
  if (status == BS_OK) status = read_value(in, depth + 1, &value);
  if (status != BS_OK) return status;
  status = bs_map_set(in->heap, map, key, value);
  bs_release(in->heap, value);
  return status;
}

static bs_status read_map(reader *in, uint64_t count, size_t start, int depth, bs_value *out) {
  bs_value map;
  bs_value previous = BS_NONE;
  bs_status status = enter(in, count, 2, start, depth);
  if (status == BS_OK) status = bs_map_new(in->heap, &map);
  if (status != BS_OK) return status;
  for (uint64_t i = 0; status == BS_OK && i < count; i++) {
    status = read_entry(in, depth, &map, &previous);
  }
  bs_release(in->heap, previous);
  if (status == BS_OK)
    *out = map;
  else
    bs_release(in->heap, map);
  return status;
}

/** What starts with a byte from 0xc0 to 0xc3, or with none that has another meaning. */
static bs_status read_word(reader *in, uint8_t first, size_t start, bs_value *out) {
  if (first == 0xc1) return refuse(in, BS_MSGPACK_MALFORMED, start, "no item starts with c1");
  if (first > 0xc3) {
    return refuse(in, BS_MSGPACK_UNSUPPORTED, start, "extensions are not in the value model");
  }
  *out = first == 0xc0 ? BS_NULL : bs_from_bool(first == 0xc3);
  return BS_OK;
}

/** An item whose length or count is in so many bytes behind its first one. */
static bs_status read_long(reader *in, uint8_t first, size_t start, int depth, bs_value *out) {
  bool is_text = first >= 0xd9 && first <= 0xdb;
  bool is_bytes = first <= 0xc6;
  size_t size = is_text    ? (size_t)1 << (first - 0xd9)
                : is_bytes ? (size_t)1 << (first - 0xc4)
                           : (size_t)2 << (first & 1);
  uint64_t below = is_text ? 32 : is_bytes ? 0 : 16;
  bool is_first = size == 1 || (size == 2 && !is_text && !is_bytes);
  uint64_t least = is_first ? below : 1ull << (4 * size);
  uint64_t length;
  bs_status status = take_head(in, size, least, start, &length);
  if (status != BS_OK) return status;
  if (is_text) return read_text(in, length, start, out);
  if (is_bytes) return read_bytes(in, length, start, out);
  return first <= 0xdd ? read_list(in, length, start, depth, out)
                       : read_map(in, length, start, depth, out);
}

static bs_status read_value(reader *in, int depth, bs_value *out) {
  size_t start = in->at;
  uint64_t byte;
  bs_status status = take(in, 1, start, &byte);
  if (status != BS_OK) return status;
  uint8_t first = (uint8_t)byte;
  if (first < 0x80 || first >= 0xe0) {
    *out = bs_from_small((int8_t)first);
    return BS_OK;
  }
  if (first < 0x90) return read_map(in, first & 15, start, depth, out);
  if (first < 0xa0) return read_list(in, first & 15, start, depth, out);
  if (first < 0xc0) return read_text(in, first & 31, start, out);
  if (first == 0xca || first == 0xcb) return read_float(in, first == 0xca ? 4 : 8, start, out);
  if (first >= 0xcc && first <= 0xcf) return read_unsigned(in, 1u << (first - 0xcc), start, out);
  if (first >= 0xd0 && first <= 0xd3) return read_signed(in, 1u << (first - 0xd0), start, out);
  if (first >= 0xd9 || (first >= 0xc4 && first <= 0xc6)) {
    return read_long(in, first, start, depth, out);
  }
  return read_word(in, first, start, out);
}

bs_status bs_msgpack_decode(bs_heap *heap, const uint8_t *bytes, size_t length,
                            bs_msgpack_form form, bs_value *out, bs_msgpack_fault *fault) {
  reader in = {heap, bytes, length, 0, form == BS_MSGPACK_CANONICAL, {BS_MSGPACK_OK, 0, ""}};
  bs_value value;
  bs_status status = read_value(&in, 0, &value);
  if (status == BS_OK && in.at < length) {
    bs_release(heap, value);
    status = refuse(&in, BS_MSGPACK_MALFORMED, in.at, "bytes follow the value");
  }
  if (status == BS_OK) *out = value;
  if (fault != NULL) *fault = in.fault;
  return status;
}
