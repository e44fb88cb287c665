// The strict reader of canonical CBOR: it accepts exactly what bs_cbor_encode writes.
#include <basalt/cbor.h>

#include <basalt/map.h>
#include <basalt/number.h>
#include <basalt/text.h>
#include <basalt/value.h>
#include <basalt/vector.h>

#include "float-narrow.h"
#include "memory.h"

typedef struct {
  bs_heap *heap;
  const uint8_t *bytes;
  size_t length;
  size_t at;
  bs_cbor_fault fault;
} reader;

static bs_status read_value(reader *in, int depth, bs_value *out);

static bs_status refuse(reader *in, bs_cbor_error error, size_t offset, const char *problem) {
  in->fault = (bs_cbor_fault){error, offset, problem};
  return BS_CORRUPT;
}

static bs_status need(reader *in, uint64_t bytes, size_t start) {
  if (bytes <= in->length - in->at) return BS_OK;
  return refuse(in, BS_CBOR_MALFORMED, start, "the bytes end inside it");
}

static uint64_t take_big_endian(reader *in, size_t bytes) {
  uint64_t number = 0;
  for (size_t i = 0; i < bytes; i++)
    number = number << 8 | in->bytes[in->at++];
  return number;
}

/** The argument of a head; refuses one that is longer than it needs to be. */
static bs_status read_argument(reader *in, uint8_t info, size_t start, uint64_t *out) {
  static const uint64_t least[4] = {24, 0x100, 0x10000, 0x100000000};
  *out = info;
  if (info < 24) return BS_OK;
  if (info == 31) {
    return refuse(in, BS_CBOR_NOT_CANONICAL, start, "its length is indefinite");
  }
  if (info > 27) return refuse(in, BS_CBOR_MALFORMED, start, "its head is reserved");
  size_t size = (size_t)1 << (info - 24);
  bs_status status = need(in, size, start);
  if (status != BS_OK) return status;
  *out = take_big_endian(in, size);
  if (*out >= least[info - 24]) return BS_OK;
  return refuse(in, BS_CBOR_NOT_CANONICAL, start, "its head is longer than it needs to be");
}

/** A length in bytes, all of which are there; the reader then stands at the first. */
static bs_status read_length(reader *in, uint8_t info, size_t head, size_t start, size_t *out) {
  uint64_t length;
  bs_status status = read_argument(in, info, head, &length);
  if (status == BS_OK) status = need(in, length, start);
  if (status == BS_OK) *out = (size_t)length;
  return status;
}

static bs_status read_integer(reader *in, bool negative, uint8_t info, size_t start,
                              bs_value *out) {
  uint64_t argument;
  bs_status status = read_argument(in, info, start, &argument);
  if (status != BS_OK) return status;
  if (argument <= (uint64_t)BS_SMALL_MAX) {
    *out = bs_from_small(negative ? -1 - (int64_t)argument : (int64_t)argument);
    return BS_OK;
  }
  uint8_t bytes[9];
  uint64_t magnitude = argument + negative;
  bytes[0] = magnitude < argument;
  for (int i = 0; i < 8; i++)
    bytes[1 + i] = (uint8_t)(magnitude >> (8 * (7 - i)));
  return bs_integer_from_bytes(in->heap, negative, bytes, sizeof bytes, out);
}

/** -1 - magnitude of the bytes. */
static bs_status negate(reader *in, bs_value magnitude, bs_value *out) {
  bs_status status = bs_integer_subtract(in->heap, bs_from_small(-1), magnitude, out);
  bs_release(in->heap, magnitude);
  return status;
}

static bs_status read_bignum(reader *in, uint8_t info, size_t start, bs_value *out) {
  uint64_t tag;
  bs_status status = read_argument(in, info, start, &tag);
  if (status != BS_OK) return status;
  if (tag != 2 && tag != 3) {
    return refuse(in, BS_CBOR_UNSUPPORTED, start, "the tag is not in the value model");
  }
  status = need(in, 1, start);
  if (status != BS_OK) return status;
  size_t head = in->at;
  uint8_t initial = in->bytes[in->at++];
  if (initial >> 5 != 2) {
    return refuse(in, BS_CBOR_MALFORMED, start, "a big integer is not made of bytes");
  }
  size_t length;
  status = read_length(in, initial & 31, head, start, &length);
  if (status != BS_OK) return status;
  if (length <= 8) {
    return refuse(in, BS_CBOR_NOT_CANONICAL, start, "the integer fits into 64 bits");
  }
  const uint8_t *bytes = in->bytes + in->at;
  if (bytes[0] == 0) {
    return refuse(in, BS_CBOR_NOT_CANONICAL, start, "the integer has leading zeros");
  }
  in->at += length;
  bs_value magnitude;
  status = bs_integer_from_bytes(in->heap, false, bytes, length, &magnitude);
  if (status != BS_OK) return status;
  if (tag == 3) return negate(in, magnitude, out);
  *out = magnitude;
  return BS_OK;
}

static bs_status read_bytes(reader *in, uint8_t info, size_t start, bs_value *out) {
  size_t length;
  bs_status status = read_length(in, info, start, start, &length);
  if (status != BS_OK) return status;
  in->at += length;
  return bs_bytes_new(in->heap, in->bytes + in->at - length, length, out);
}

static bs_status read_text(reader *in, uint8_t info, size_t start, bs_value *out) {
  size_t length;
  bs_status status = read_length(in, info, start, start, &length);
  if (status != BS_OK) return status;
  const char *text = (const char *)in->bytes + in->at;
  in->at += length;
  status = bs_text_new(in->heap, text, length, out);
  if (status != BS_CORRUPT) return status;
  return refuse(in, BS_CBOR_MALFORMED, start, "its text is not UTF-8");
}

/** The count of a list or map: bounds nesting, and refuses what the bytes that are left cannot
 * hold. */
static bs_status enter(reader *in, uint8_t info, size_t start, int depth, uint64_t items_each,
                       uint64_t *count) {
  bs_status status = read_argument(in, info, start, count);
  if (status != BS_OK) return status;
  if (depth >= BS_MAX_DEPTH) {
    return refuse(in, BS_CBOR_TOO_DEEP, start, "it is nested too deeply");
  }
  if (*count <= (in->length - in->at) / items_each) return BS_OK;
  return refuse(in, BS_CBOR_MALFORMED, start, "the bytes end inside it");
}

static bs_status read_list(reader *in, uint8_t info, size_t start, int depth, bs_value *out) {
  uint64_t count;
  bs_value list;
  bs_status status = enter(in, info, start, depth, 1, &count);
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
  bs_status status = need(in, 1, start);
  if (status != BS_OK) return status;
  uint8_t initial = in->bytes[in->at++];
  if (initial >> 5 != 3) {
    return refuse(in, BS_CBOR_UNSUPPORTED, start, "a map key is not text");
  }
  return read_text(in, initial & 31, start, out);
}

/** Reads an entry into the map. `previous` is the key before, BS_NONE at the first, and becomes
 * this one; both are owned by the caller. */
static bs_status read_entry(reader *in, int depth, bs_value *map, bs_value *previous) {
  size_t start = in->at;
  bs_value key;
  bs_value value;
  bs_status status = read_key(in, &key);
  if (status != BS_OK) return status;
  int order = *previous == BS_NONE ? -1 : bs_text_compare_keys(*previous, key);
  bs_release(in->heap, *previous);
  *previous = key;
  if (order == 0) {
    return refuse(in, BS_CBOR_NOT_CANONICAL, start, "its key occurs twice in the map");
  }
  if (order > 0) return refuse(in, BS_CBOR_NOT_CANONICAL, start, "its key is out of order");
  status = read_value(in, depth + 1, &value);
  if (status != BS_OK) return status;
  status = bs_map_set(in->heap, map, key, value);
  bs_release(in->heap, value);
  return status;
}

static bs_status read_map(reader *in, uint8_t info, size_t start, int depth, bs_value *out) {
  uint64_t count;
  bs_value map;
  bs_value previous = BS_NONE;
  bs_status status = enter(in, info, start, depth, 2, &count);
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

static bs_status read_float(reader *in, size_t size, size_t start, bs_value *out) {
  bs_status status = need(in, size, start);
  if (status != BS_OK) return status;
  uint64_t bits = take_big_endian(in, size);
  double number = size == 2   ? bs_float_from_half_bits((uint32_t)bits)
                  : size == 4 ? bs_float_from_single_bits((uint32_t)bits)
                              : bs_float_from_bits(bits);
  if (number != number && (size != 2 || bits != 0x7e00)) {
    return refuse(in, BS_CBOR_NOT_CANONICAL, start, "NaN has the one encoding f9 7e00");
  }
  bool shorter = (size == 8 && bs_float_fits_single(number)) ||
                 (size == 4 && bs_float_to_half_bits(number) >= 0);
  if (shorter) {
    return refuse(in, BS_CBOR_NOT_CANONICAL, start, "a shorter float keeps the number");
  }
  if (bs_float_is_integer(number)) {
    return refuse(in, BS_CBOR_NOT_CANONICAL, start,
                  "a whole number below 2^53 is encoded as an integer");
  }
  return bs_float_new(in->heap, number, out);
}

static bs_status read_simple(reader *in, uint8_t initial, size_t start, bs_value *out) {
  switch (initial) {
  case 0xf4:
    *out = BS_FALSE;
    return BS_OK;
  case 0xf5:
    *out = BS_TRUE;
    return BS_OK;
  case 0xf6:
    *out = BS_NULL;
    return BS_OK;
  case 0xf9:
    return read_float(in, 2, start, out);
  case 0xfa:
    return read_float(in, 4, start, out);
  case 0xfb:
    return read_float(in, 8, start, out);
  case 0xff:
    return refuse(in, BS_CBOR_MALFORMED, start, "a break stands outside of any item");
  default:
    return refuse(in, BS_CBOR_UNSUPPORTED, start, "the simple value is not null, false or true");
  }
}

static bs_status read_value(reader *in, int depth, bs_value *out) {
  size_t start = in->at;
  bs_status status = need(in, 1, start);
  if (status != BS_OK) return status;
  uint8_t initial = in->bytes[in->at++];
  uint8_t info = initial & 31;
  switch (initial >> 5) {
  case 0:
    return read_integer(in, false, info, start, out);
  case 1:
    return read_integer(in, true, info, start, out);
  case 2:
    return read_bytes(in, info, start, out);
  case 3:
    return read_text(in, info, start, out);
  case 4:
    return read_list(in, info, start, depth, out);
  case 5:
    return read_map(in, info, start, depth, out);
  case 6:
    return read_bignum(in, info, start, out);
  default:
    return read_simple(in, initial, start, out);
  }
}

bs_status bs_cbor_decode(bs_heap *heap, const uint8_t *bytes, size_t length, bs_value *out,
                         bs_cbor_fault *fault) {
  reader in = {heap, bytes, length, 0, {BS_CBOR_OK, 0, ""}};
  bs_value value;
  bs_status status = read_value(&in, 0, &value);
  if (status == BS_OK && in.at < length) {
    bs_release(heap, value);
    status = refuse(&in, BS_CBOR_MALFORMED, in.at, "bytes follow the value");
  }
  if (status == BS_OK) *out = value;
  if (fault != NULL) *fault = in.fault;
  return status;
}
