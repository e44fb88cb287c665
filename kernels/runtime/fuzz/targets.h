// What the fuzzer tries: each target reads its input as bytes or as a list of edits, and aborts
// where something does not hold. An arena that fills up ends the input.
#pragma once

#include <basalt/cbor.h>
#include <basalt/float-text.h>
#include <basalt/map.h>
#include <basalt/number.h>
#include <basalt/text.h>
#include <basalt/value.h>
#include <basalt/vector.h>

#include "../test/value-heap.h"

enum { FUZZ_HEAP_BYTES = 256 << 10, FUZZ_ITEMS = 4096 };

/** Ends the process where a demand on the code under test is not met. */
static inline void fuzz_need(bool holds) {
  if (!holds) abort();
}

/** Bytes that are accepted are the encoding of their value. */
static inline void fuzz_cbor(const uint8_t *data, size_t size) {
  bs_heap *heap = value_heap(FUZZ_HEAP_BYTES, 0);
  bs_value value;
  bs_value encoded;
  bs_cbor_fault fault;
  bs_status status = bs_cbor_decode(heap, data, size, &value, &fault);
  if (status == BS_CORRUPT) fuzz_need(fault.error != BS_CBOR_OK && fault.offset <= size);
  if (status == BS_OK) {
    if (bs_cbor_encode(heap, value, &encoded) == BS_OK) {
      fuzz_need(bs_bytes_length(encoded) == size);
      fuzz_need(memcmp(bs_bytes_data(encoded), data, size) == 0);
      bs_release(heap, encoded);
    }
    bs_release(heap, value);
  }
  fuzz_need(heap_ends_empty(heap));
}

/** Two bytes an edit, against an array. */
static inline void fuzz_vector(const uint8_t *data, size_t size) {
  bs_heap *heap = value_heap(FUZZ_HEAP_BYTES, 0);
  bs_value vector;
  bs_value kept = BS_NONE;
  int64_t items[FUZZ_ITEMS];
  size_t count = 0;
  fuzz_need(bs_vector_new(heap, &vector) == BS_OK);
  for (size_t i = 0; i + 1 < size; i += 2) {
    // A burst of pushes makes the trie high with few bytes.
    size_t times = data[i] >> 3;
    for (size_t j = 0; j <= times; j++) {
      size_t at = count == 0 ? 0 : (data[i + 1] * 31 + j) % count;
      bs_value item = bs_from_small((int64_t)(i + j));
      if (data[i] % 8 < 4 && count < FUZZ_ITEMS) {
        if (bs_vector_push(heap, &vector, item) == BS_OK) items[count++] = (int64_t)(i + j);
      } else if (data[i] % 8 == 4 && count > 0) {
        if (bs_vector_pop(heap, &vector) == BS_OK) count--;
      } else if (data[i] % 8 == 5 && count > 0) {
        if (bs_vector_set(heap, &vector, at, item) == BS_OK) items[at] = (int64_t)(i + j);
      } else if (data[i] % 8 == 6) {
        bs_release(heap, kept);
        kept = bs_retain(vector);
      }
    }
  }
  fuzz_need(bs_vector_count(vector) == count);
  for (size_t i = 0; i < count; i++) {
    fuzz_need(bs_vector_get(vector, i) == bs_from_small(items[i]));
  }
  bs_release(heap, kept);
  bs_release(heap, vector);
  fuzz_need(heap_ends_empty(heap));
}

/** Two bytes an edit, against an array that the second byte indexes. */
static inline void fuzz_map(const uint8_t *data, size_t size) {
  bs_heap *heap = value_heap(FUZZ_HEAP_BYTES, 0);
  bs_value map;
  bs_value kept = BS_NONE;
  int64_t values[256];
  size_t count = 0;
  memset(values, 0xff, sizeof values);
  fuzz_need(bs_map_new(heap, &map) == BS_OK);
  for (size_t i = 0; i + 1 < size; i += 2) {
    // The first keys collide in all bits of their hash.
    static const char *const colliding[] = {"c153024", "c278865", "c58781", "c175109"};
    uint8_t at = data[i + 1];
    char text[8];
    snprintf(text, sizeof text, "%u", at);
    const char *name = at < 4 ? colliding[at] : text;
    bs_value key;
    if (bs_text_new(heap, name, strlen(name), &key) != BS_OK) break;
    if (data[i] % 4 < 2) {
      if (bs_map_set(heap, &map, key, bs_from_small((int64_t)i)) == BS_OK) {
        count += values[at] < 0;
        values[at] = (int64_t)i;
      }
    } else if (data[i] % 4 == 2) {
      bs_status status = bs_map_remove(heap, &map, key);
      fuzz_need(status == BS_NOMEM || (status == BS_OK) == (values[at] >= 0));
      if (status == BS_OK) {
        values[at] = -1;
        count--;
      }
    } else {
      bs_release(heap, kept);
      kept = bs_retain(map);
    }
    bs_value found = bs_map_get(map, key);
    fuzz_need(found == (values[at] < 0 ? BS_NONE : bs_from_small(values[at])));
    fuzz_need(bs_map_count(map) == count);
    bs_release(heap, key);
  }
  bs_release(heap, kept);
  bs_release(heap, map);
  fuzz_need(heap_ends_empty(heap));
}

/** Text is cut and joined again; and what reads as a float comes back from its text. */
static inline void fuzz_text(const uint8_t *data, size_t size) {
  bs_heap *heap = value_heap(FUZZ_HEAP_BYTES, 0);
  bs_value text;
  bs_value parts[2];
  bs_value joined;
  double number;
  if (bs_text_new(heap, (const char *)data, size, &text) == BS_OK) {
    size_t points = bs_text_points(text);
    size_t cut = points == 0 ? 0 : data[0] % (points + 1);
    fuzz_need(bs_text_slice(heap, text, 0, cut, &parts[0]) == BS_OK);
    fuzz_need(bs_text_slice(heap, text, cut, points, &parts[1]) == BS_OK);
    fuzz_need(bs_text_concat(heap, parts[0], parts[1], &joined) == BS_OK);
    fuzz_need(bs_text_compare(joined, text) == 0);
    bs_value owned[] = {text, parts[0], parts[1], joined};
    for (size_t i = 0; i < 4; i++)
      bs_release(heap, owned[i]);
  }
  if (bs_float_parse((const char *)data, size, &number)) {
    char shortest[BS_FLOAT_TEXT_BYTES];
    double back;
    fuzz_need(bs_float_parse(shortest, bs_float_format(number, shortest), &back));
    fuzz_need(memcmp(&back, &number, sizeof back) == 0);
  }
  fuzz_need(heap_ends_empty(heap));
}

/** Two integers: division is undone by multiplication, and text by reading. */
static inline void fuzz_integer(const uint8_t *data, size_t size) {
  if (size < 2) return;
  bs_heap *heap = value_heap(FUZZ_HEAP_BYTES, 0);
  bs_value a, b, q, r, product, sum, text, back;
  size_t cut = 1 + data[0] % (size - 1);
  int base = 2 + data[0] % 35;
  fuzz_need(bs_integer_from_bytes(heap, data[0] & 1, data + 1, cut - 1, &a) == BS_OK);
  fuzz_need(bs_integer_from_bytes(heap, data[0] & 2, data + cut, size - cut, &b) == BS_OK);
  fuzz_need(bs_integer_format(heap, a, base, &text) == BS_OK);
  const char *digits = bs_text_bytes(text);
  fuzz_need(bs_integer_parse(heap, digits, bs_text_length(text), base, &back) == BS_OK);
  fuzz_need(bs_integer_compare(a, back) == 0);
  if (b != bs_from_small(0)) {
    fuzz_need(bs_integer_divide(heap, a, b, &q, &r) == BS_OK);
    fuzz_need(bs_integer_multiply(heap, q, b, &product) == BS_OK);
    fuzz_need(bs_integer_add(heap, product, r, &sum) == BS_OK);
    fuzz_need(bs_integer_compare(sum, a) == 0);
    bs_value owned[] = {q, r, product, sum};
    for (size_t i = 0; i < 4; i++)
      bs_release(heap, owned[i]);
  }
  bs_value owned[] = {a, b, text, back};
  for (size_t i = 0; i < 4; i++)
    bs_release(heap, owned[i]);
  fuzz_need(heap_ends_empty(heap));
}
