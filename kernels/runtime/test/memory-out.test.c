// Fails every allocation of a piece of work in turn: each time the status says so, the heap is
// whole, nothing leaks, and what was there before is as it was.
#include <basalt/cbor.h>
#include <basalt/value.h>

#include "value-random.h"

/** A piece of work that leaves nothing in the heap, whatever its status. */
typedef bs_status (*work)(bs_heap *heap);

/** Runs the work with each of its allocations failing, until none does. */
static bool survives(work run) {
  for (uint64_t fail = 1;; fail++) {
    bs_heap_stats stats;
    bs_heap *heap = value_heap(512 << 10, fail);
    bs_status status = run(heap);
    bs_heap_statistics(heap, &stats);
    bool failed = stats.failed_allocations > 0;
    if (status != (failed ? BS_NOMEM : BS_OK)) printf("# allocation %d\n", (int)fail);
    tap_need(status == (failed ? BS_NOMEM : BS_OK));
    tap_need(heap_ends_empty(heap));
    if (!failed) return fail > 1;
  }
}

static bs_status make_values(bs_heap *heap) {
  uint64_t seed = 7;
  bs_value value;
  bs_status status = random_value(heap, &seed, 3, &value);
  if (status == BS_OK) bs_release(heap, value);
  return status;
}

static bs_status take_digest(bs_heap *heap, bs_value value) {
  uint8_t digest[BS_DIGEST_BYTES];
  return bs_value_digest(heap, value, digest);
}

static bs_status code(bs_heap *heap) {
  uint64_t seed = 11;
  bs_value value;
  bs_value encoded;
  bs_value decoded;
  bs_status status = random_map(heap, &seed, 3, &value);
  if (status != BS_OK) return status;
  status = bs_cbor_encode(heap, value, &encoded);
  if (status == BS_OK) {
    const uint8_t *bytes = bs_bytes_data(encoded);
    status = bs_cbor_decode(heap, bytes, bs_bytes_length(encoded), &decoded, NULL);
    if (status == BS_OK) {
      status = take_digest(heap, decoded);
      bs_release(heap, decoded);
    }
    bs_release(heap, encoded);
  }
  bs_release(heap, value);
  return status;
}

/** Edits of a vector that is shared; a failed one leaves both as they were. */
static bs_status edit_vector(bs_heap *heap) {
  bs_value vector;
  bs_status status = bs_vector_new(heap, &vector);
  if (status != BS_OK) return status;
  for (int64_t i = 0; i < 1100 && status == BS_OK; i++) {
    bs_value before = i % 90 == 0 ? bs_retain(vector) : BS_NONE;
    status = bs_vector_push(heap, &vector, bs_from_small(i));
    size_t count = bs_vector_count(vector);
    if (count != (size_t)i + (status == BS_OK)) status = BS_CORRUPT;
    if (before != BS_NONE && bs_vector_count(before) != (size_t)i) status = BS_CORRUPT;
    bs_release(heap, before);
  }
  bs_value whole = bs_retain(vector);
  size_t count = bs_vector_count(vector);
  for (size_t i = count; i > 0 && status == BS_OK; i--) {
    if (i % 7 == 0) status = bs_vector_set(heap, &vector, i / 2, bs_from_small((int64_t)i / 2));
    if (status == BS_OK) status = bs_vector_pop(heap, &vector);
  }
  for (size_t i = 0; i < count; i++) {
    bool kept = bs_vector_get(whole, i) == bs_from_small((int64_t)i);
    bool same = i >= bs_vector_count(vector) || bs_vector_get(vector, i) == bs_vector_get(whole, i);
    if (!kept || !same) status = BS_CORRUPT;
  }
  bs_release(heap, whole);
  bs_release(heap, vector);
  return status;
}

enum { KEYS = 150 };

/** Whether the map has the first `count` keys but for the first `removed`. */
static bool map_is(bs_value map, const bs_value *keys, size_t removed, size_t count) {
  if (bs_map_count(map) != count - removed) return false;
  for (size_t i = 0; i < count; i++) {
    bs_value expected = i < removed ? BS_NONE : bs_from_small((int64_t)i);
    if (bs_map_get(map, keys[i]) != expected) return false;
  }
  return true;
}

static bs_status edit_map_of(bs_heap *heap, const bs_value *keys, bs_value *map) {
  for (size_t i = 0; i < KEYS; i++) {
    bs_value before = i % 9 == 0 ? bs_retain(*map) : BS_NONE;
    bs_status status = bs_map_set(heap, map, keys[i], bs_from_small((int64_t)i));
    bool kept = before == BS_NONE || map_is(before, keys, 0, i);
    bs_release(heap, before);
    if (!kept || !map_is(*map, keys, 0, i + (status == BS_OK))) return BS_CORRUPT;
    if (status != BS_OK) return status;
  }
  bs_value whole = bs_retain(*map);
  bs_status status = BS_OK;
  for (size_t i = 0; i < KEYS && status == BS_OK; i++) {
    status = bs_map_remove(heap, map, keys[i]);
    if (!map_is(*map, keys, i + (status == BS_OK), KEYS)) status = BS_CORRUPT;
  }
  if (!map_is(whole, keys, 0, KEYS)) status = BS_CORRUPT;
  bs_release(heap, whole);
  return status;
}

static bs_status edit_map(bs_heap *heap) {
  // The first keys collide in all bits of their hash.
  static const char *const colliding[] = {"c153024", "c278865", "c58781", "c175109"};
  bs_value keys[KEYS] = {0};
  bs_value map = BS_NONE;
  bs_status status = bs_map_new(heap, &map);
  for (size_t i = 0; i < KEYS && status == BS_OK; i++) {
    char text[16];
    snprintf(text, sizeof text, "k%zu", i);
    const char *key = i < 4 ? colliding[i] : text;
    status = bs_text_new(heap, key, strlen(key), &keys[i]);
  }
  if (status == BS_OK) status = edit_map_of(heap, keys, &map);
  for (size_t i = 0; i < KEYS; i++)
    bs_release(heap, keys[i]);
  bs_release(heap, map);
  return status;
}

static bs_status calculate_with(bs_heap *heap, bs_value a, bs_value b) {
  bs_status (*const operations[])(bs_heap *, bs_value, bs_value, bs_value *) = {
      bs_integer_add, bs_integer_subtract, bs_integer_multiply};
  bs_value result;
  bs_value rest;
  for (size_t i = 0; i < 3; i++) {
    bs_status status = operations[i](heap, a, b, &result);
    if (status != BS_OK) return status;
    bs_release(heap, result);
  }
  bs_status status = bs_integer_divide(heap, a, b, &result, &rest);
  if (status != BS_OK) return status;
  bs_release(heap, result);
  bs_release(heap, rest);
  status = bs_integer_format(heap, a, 10, &result);
  if (status == BS_OK) bs_release(heap, result);
  return status;
}

static bs_status calculate(bs_heap *heap) {
  static const char digits[] = "-123456789012345678901234567890123456789012345678901234567890";
  bs_value a;
  bs_value b;
  bs_status status = bs_integer_parse(heap, digits, sizeof digits - 1, 10, &a);
  if (status != BS_OK) return status;
  status = bs_integer_parse(heap, digits + 1, 30, 10, &b);
  if (status == BS_OK) {
    status = calculate_with(heap, a, b);
    bs_release(heap, b);
  }
  bs_release(heap, a);
  return status;
}

int main(void) {
  tap_ok(survives(calculate), "arithmetic of big integers");
  tap_ok(survives(edit_vector), "edits of shared vectors");
  tap_ok(survives(edit_map), "edits of shared maps");
  tap_ok(survives(make_values), "values of every kind");
  tap_ok(survives(code), "encoding, decoding and digests");
  return tap_done();
}
