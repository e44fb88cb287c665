// The codec against the vectors of all runtimes, and against itself on random values.
#include <basalt/value.h>

#include "cbor-vectors.h"
#include "value-random.h"
#include "value-text.h"

static size_t from_hex(const char *hex, uint8_t *out) {
  size_t length = strlen(hex) / 2;
  for (size_t i = 0; i < length; i++) {
    unsigned byte = 0;
    sscanf(hex + 2 * i, "%2x", &byte);
    out[i] = (uint8_t)byte;
  }
  return length;
}

static bool accepts(bs_heap *heap, const char *hex, const char *expected) {
  uint8_t bytes[1024];
  size_t length = from_hex(hex, bytes);
  bs_value value;
  bs_value again;
  bs_cbor_fault fault;
  tap_need(bs_cbor_decode(heap, bytes, length, &value, &fault) == BS_OK);
  tap_need(fault.error == BS_CBOR_OK);
  value_text text = {.length = 0};
  put_value(&text, heap, value);
  if (strcmp(text.text, expected) != 0) printf("# %s: %s, not %s\n", hex, text.text, expected);
  tap_need(strcmp(text.text, expected) == 0);
  tap_need(bs_cbor_encode(heap, value, &again) == BS_OK);
  tap_need(bs_bytes_length(again) == length);
  tap_need(memcmp(bs_bytes_data(again), bytes, length) == 0);
  bs_release(heap, value);
  bs_release(heap, again);
  return true;
}

static bool accepts_vectors(void) {
  bs_heap *heap = value_heap(1 << 20, 0);
  for (size_t i = 0; i < sizeof accepted_vectors / sizeof accepted_vectors[0]; i++) {
    tap_need(accepts(heap, accepted_vectors[i].hex, accepted_vectors[i].value));
  }
  return heap_ends_empty(heap);
}

static bool rejects_vectors(void) {
  bs_heap *heap = value_heap(1 << 20, 0);
  for (size_t i = 0; i < sizeof rejected_vectors / sizeof rejected_vectors[0]; i++) {
    uint8_t bytes[1024];
    size_t length = from_hex(rejected_vectors[i].hex, bytes);
    bs_value value = BS_NONE;
    bs_cbor_fault fault;
    tap_need(bs_cbor_decode(heap, bytes, length, &value, &fault) == BS_CORRUPT);
    tap_need(value == BS_NONE && fault.problem[0] != 0);
    bool same =
        fault.error == rejected_vectors[i].error && fault.offset == rejected_vectors[i].offset;
    if (!same) printf("# %s: %s at %zu\n", rejected_vectors[i].hex, fault.problem, fault.offset);
    tap_need(same);
  }
  return heap_ends_empty(heap);
}

// Whole floats are the integers; the other direction is not open, so these have no vector.
static bool encodes_whole_floats(void) {
  bs_heap *heap = value_heap(1 << 20, 0);
  static const struct {
    double number;
    uint8_t bytes[9];
    size_t length;
  } cases[] = {
      {0.0, {0x00}, 1},
      {1.0, {0x01}, 1},
      {-1.0, {0x20}, 1},
      {-0.0, {0xf9, 0x80, 0x00}, 3},
      {9007199254740991.0, {0x1b, 0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 9},
      {9007199254740992.0, {0xfa, 0x5a, 0x00, 0x00, 0x00}, 5},
      {3.5e38, {0xfb, 0x47, 0xf0, 0x74, 0xe3, 0xd3, 0x68, 0x93, 0x8e}, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bs_value value;
    bs_value encoded;
    tap_need(bs_float_new(heap, cases[i].number, &value) == BS_OK);
    tap_need(bs_cbor_encode(heap, value, &encoded) == BS_OK);
    if (cases[i].length > 0) {
      tap_need(bs_bytes_length(encoded) == cases[i].length);
      tap_need(memcmp(bs_bytes_data(encoded), cases[i].bytes, cases[i].length) == 0);
    } else {
      // Beyond float32: eight bytes.
      tap_need(bs_bytes_length(encoded) == 9 && bs_bytes_data(encoded)[0] == 0xfb);
    }
    bs_release(heap, value);
    bs_release(heap, encoded);
  }
  return heap_ends_empty(heap);
}

static bool round_trips(uint64_t seed) {
  bs_heap *heap = value_heap(8 << 20, 0);
  for (int i = 0; i < 200; i++) {
    bs_value value;
    bs_value encoded;
    bs_value decoded;
    bool equal;
    tap_need(random_value(heap, &seed, 3, &value) == BS_OK);
    tap_need(bs_cbor_encode(heap, value, &encoded) == BS_OK);
    const uint8_t *bytes = bs_bytes_data(encoded);
    size_t length = bs_bytes_length(encoded);
    tap_need(bs_cbor_decode(heap, bytes, length, &decoded, NULL) == BS_OK);
    tap_need(bs_value_equal(value, decoded, &equal) == BS_OK && equal);
    bs_release(heap, decoded);
    // Cut off anywhere it is refused.
    size_t cut = length <= 1 ? 0 : tap_random(&seed) % length;
    bs_cbor_fault fault;
    tap_need(bs_cbor_decode(heap, bytes, cut, &decoded, &fault) == BS_CORRUPT);
    tap_need(fault.error == BS_CBOR_MALFORMED && fault.offset <= cut);
    bs_release(heap, encoded);
    bs_release(heap, value);
  }
  return heap_ends_empty(heap);
}

static bool bounds_depth(void) {
  bs_heap *heap = value_heap(1 << 20, 0);
  bs_value nested = BS_NULL;
  bs_value encoded;
  bs_value other = BS_NULL;
  bool equal;
  for (int depth = 1; depth <= BS_MAX_DEPTH + 1; depth++) {
    bs_value outer;
    tap_need(bs_vector_new(heap, &outer) == BS_OK);
    tap_need(bs_vector_push(heap, &outer, nested) == BS_OK);
    bs_release(heap, nested);
    nested = outer;
    tap_need(bs_tuple_new(heap, &other, 1, &outer) == BS_OK);
    bs_release(heap, other);
    other = outer;
    bool fits = depth <= BS_MAX_DEPTH;
    bs_status status = bs_cbor_encode(heap, nested, &encoded);
    tap_need(status == (fits ? BS_OK : BS_RANGE));
    if (fits) bs_release(heap, encoded);
    tap_need(bs_value_equal(nested, other, &equal) == (fits ? BS_OK : BS_RANGE));
    tap_need(!fits || equal);
  }
  bs_release(heap, nested);
  bs_release(heap, other);
  tap_need(bs_cbor_encode(heap, BS_NONE, &encoded) == BS_INVALID);
  return heap_ends_empty(heap);
}

// The digest of a value is the idempotency key that libs/ir computes.
static bool digests(void) {
  bs_heap *heap = value_heap(1 << 20, 0);
  uint8_t digest[BS_DIGEST_BYTES];
  for (size_t i = 0; i < sizeof digest_vectors / sizeof digest_vectors[0]; i++) {
    uint8_t bytes[1024];
    uint8_t expected[BS_DIGEST_BYTES];
    bs_value value;
    size_t length = from_hex(digest_vectors[i].hex, bytes);
    from_hex(digest_vectors[i].digest, expected);
    tap_need(bs_cbor_decode(heap, bytes, length, &value, NULL) == BS_OK);
    tap_need(bs_value_digest(heap, value, digest) == BS_OK);
    tap_need(memcmp(digest, expected, sizeof expected) == 0);
    bs_release(heap, value);
  }
  tap_need(bs_value_digest(heap, BS_NONE, digest) == BS_INVALID);
  return heap_ends_empty(heap);
}

int main(void) {
  tap_ok(accepts_vectors(), "accepted vectors have their value and come out as they went in");
  tap_ok(rejects_vectors(), "rejected vectors are refused with error and offset");
  tap_ok(encodes_whole_floats(), "whole floats are encoded as integers");
  for (uint64_t seed = 1; seed <= 4; seed++) {
    tap_ok(round_trips(seed), "random values come back, and cut off they are refused");
  }
  tap_ok(bounds_depth(), "nesting is bounded");
  tap_ok(digests(), "the digest is that of libs/ir");
  return tap_done();
}
