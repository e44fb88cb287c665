// Equality and digests of values.
#include <basalt/value.h>

#include <basalt/blake3.h>
#include <basalt/cbor.h>
#include <basalt/map.h>
#include <basalt/number.h>
#include <basalt/text.h>

#include "float-narrow.h"
#include "memory.h"
#include "value-list.h"

static bs_status equal_at(bs_value a, bs_value b, int depth, bool *equal);

static bool is_float(bs_value value) {
  return bs_is_kind(value, BS_KIND_FLOAT);
}

/** A float that is the same value as an integer, as that integer. */
static bs_value as_integer(bs_value value) {
  if (!is_float(value) || !bs_float_is_integer(bs_float_get(value))) return value;
  return bs_from_small((int64_t)bs_float_get(value));
}

static bool floats_equal(double a, double b) {
  return (a != a && b != b) || bs_float_to_bits(a) == bs_float_to_bits(b);
}

static bs_status lists_equal(bs_value a, bs_value b, int depth, bool *equal) {
  size_t count = bs_list_count(a);
  *equal = count == bs_list_count(b);
  for (size_t i = 0; *equal && i < count; i++) {
    bs_status status = equal_at(bs_list_get(a, i), bs_list_get(b, i), depth + 1, equal);
    if (status != BS_OK) return status;
  }
  return BS_OK;
}

static bs_status maps_equal(bs_value a, bs_value b, int depth, bool *equal) {
  bs_map_walk walk;
  bs_value key;
  bs_value value;
  *equal = bs_map_count(a) == bs_map_count(b);
  bs_map_walk_start(&walk, a);
  while (*equal && bs_map_walk_next(&walk, &key, &value)) {
    bs_value other = bs_map_get(b, key);
    *equal = other != BS_NONE;
    if (!*equal) return BS_OK;
    bs_status status = equal_at(value, other, depth + 1, equal);
    if (status != BS_OK) return status;
  }
  return BS_OK;
}

static bool bytes_equal(bs_value a, bs_value b) {
  size_t length = bs_bytes_length(a);
  return length == bs_bytes_length(b) &&
         bs_compare(bs_bytes_data(a), bs_bytes_data(b), length) == 0;
}

static bs_status equal_at(bs_value a, bs_value b, int depth, bool *equal) {
  *equal = a == b;
  if (*equal) return BS_OK;
  if (bs_is_list(a) || bs_is_kind(a, BS_KIND_MAP)) {
    bool both = bs_is_list(a) ? bs_is_list(b) : bs_is_kind(b, BS_KIND_MAP);
    if (!both) return BS_OK;
    if (depth >= BS_MAX_DEPTH) return BS_RANGE;
    return bs_is_list(a) ? lists_equal(a, b, depth, equal) : maps_equal(a, b, depth, equal);
  }
  a = as_integer(a);
  b = as_integer(b);
  *equal = a == b;
  if (!bs_is_cell(a) || !bs_is_cell(b)) return BS_OK;
  if (bs_kind_of(bs_cell_of(a)) != bs_kind_of(bs_cell_of(b))) return BS_OK;
  if (is_float(a))
    *equal = floats_equal(bs_float_get(a), bs_float_get(b));
  else if (bs_is_integer(a))
    *equal = bs_integer_compare(a, b) == 0;
  else if (bs_is_kind(a, BS_KIND_TEXT))
    *equal = bs_text_compare(a, b) == 0;
  else if (bs_is_kind(a, BS_KIND_BYTES))
    *equal = bytes_equal(a, b);
  return BS_OK;
}

bs_status bs_value_equal(bs_value a, bs_value b, bool *equal) {
  return equal_at(a, b, 0, equal);
}

bs_status bs_value_digest(bs_heap *heap, bs_value value, uint8_t digest[BS_DIGEST_BYTES]) {
  bs_value encoded;
  bs_status status = bs_cbor_encode(heap, value, &encoded);
  if (status != BS_OK) return status;
  bs_blake3 hash;
  bs_blake3_init(&hash);
  bs_blake3_update(&hash, bs_bytes_data(encoded), bs_bytes_length(encoded));
  bs_blake3_finish(&hash, digest, BS_DIGEST_BYTES);
  bs_release(heap, encoded);
  return BS_OK;
}
