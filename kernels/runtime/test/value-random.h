// Random values of every kind for tests. A status that is not BS_OK is handed on, and nothing is
// left behind then, so that the same code serves the tests of full heaps.
#pragma once

#include <basalt/map.h>
#include <basalt/number.h>
#include <basalt/text.h>
#include <basalt/vector.h>

#include "value-heap.h"

static inline bs_status random_value(bs_heap *heap, uint64_t *seed, int depth, bs_value *out);

static inline bs_status random_text(bs_heap *heap, uint64_t *seed, bs_value *out) {
  static const char *const parts[] = {
      "a", "key", "\xc3\xbc", "\xe6\xb0\xb4", "\xf0\x90\x85\x91", "\0", "0123456789", "z"};
  char text[64];
  size_t length = 0;
  for (uint64_t left = tap_random(seed) % 6; left > 0; left--) {
    const char *part = parts[tap_random(seed) % 8];
    size_t bytes = part[0] == 0 ? 1 : strlen(part);
    memcpy(text + length, part, bytes);
    length += bytes;
  }
  return bs_text_new(heap, text, length, out);
}

static inline bs_status random_integer(bs_heap *heap, uint64_t *seed, bs_value *out) {
  uint8_t bytes[40];
  uint64_t shape = tap_random(seed);
  size_t length = shape % sizeof bytes;
  if (shape >> 8 & 1) length %= 9;
  // Runs of 0 and 255 are where carries go far.
  for (size_t i = 0; i < length; i++) {
    uint64_t choice = tap_random(seed);
    bytes[i] = choice % 4 == 0 ? 0 : choice % 4 == 1 ? 255 : (uint8_t)(choice >> 8);
  }
  return bs_integer_from_bytes(heap, shape >> 9 & 1, bytes, length, out);
}

static inline bs_status random_list(bs_heap *heap, uint64_t *seed, int depth, bs_value *out) {
  bs_value list;
  bs_status status = bs_vector_new(heap, &list);
  if (status != BS_OK) return status;
  for (uint64_t left = tap_random(seed) % 40; left > 0 && status == BS_OK; left--) {
    bs_value item;
    status = random_value(heap, seed, depth - 1, &item);
    if (status != BS_OK) break;
    status = bs_vector_push(heap, &list, item);
    bs_release(heap, item);
  }
  if (status == BS_OK)
    *out = list;
  else
    bs_release(heap, list);
  return status;
}

static inline bs_status random_entry(bs_heap *heap, uint64_t *seed, int depth, bs_value *map) {
  bs_value key;
  bs_value value;
  bs_status status = random_text(heap, seed, &key);
  if (status != BS_OK) return status;
  status = random_value(heap, seed, depth - 1, &value);
  if (status == BS_OK) {
    status = bs_map_set(heap, map, key, value);
    bs_release(heap, value);
  }
  bs_release(heap, key);
  return status;
}

static inline bs_status random_map(bs_heap *heap, uint64_t *seed, int depth, bs_value *out) {
  bs_value map;
  bs_status status = bs_map_new(heap, &map);
  if (status != BS_OK) return status;
  for (uint64_t left = tap_random(seed) % 20; left > 0 && status == BS_OK; left--) {
    status = random_entry(heap, seed, depth, &map);
  }
  if (status == BS_OK)
    *out = map;
  else
    bs_release(heap, map);
  return status;
}

static inline bs_status random_float(bs_heap *heap, uint64_t *seed, bs_value *out) {
  uint64_t bits = tap_random(seed);
  double number;
  memcpy(&number, &bits, sizeof number);
  if (bits % 3 == 0) number = (double)(int64_t)bits / 4294967296.0 / 1024;
  if (bits % 3 == 1) number = (double)(float)((double)(bits >> 40) / 64);
  return bs_float_new(heap, number, out);
}

/** A random value that is nested no deeper than `depth`. */
static inline bs_status random_value(bs_heap *heap, uint64_t *seed, int depth, bs_value *out) {
  static const bs_value words[] = {BS_NULL, BS_TRUE, BS_FALSE};
  uint64_t choice = tap_random(seed);
  switch (choice % (depth > 0 ? 8 : 5)) {
  case 0:
    *out = words[choice / 8 % 3];
    return BS_OK;
  case 1:
    return random_integer(heap, seed, out);
  case 2:
    return random_float(heap, seed, out);
  case 3:
    return random_text(heap, seed, out);
  case 4:
    return bs_bytes_new(heap, &choice, choice >> 32 & 7, out);
  case 5:
    return random_list(heap, seed, depth, out);
  default:
    return random_map(heap, seed, depth, out);
  }
}
