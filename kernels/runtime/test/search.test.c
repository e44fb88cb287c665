// Looking for text and bytes, against looking at every place, and the other operations of bytes.
#include <basalt/text.h>

#include "value-heap.h"

static bs_value bytes_of(bs_heap *heap, const void *bytes, size_t length) {
  bs_value made;
  if (bs_bytes_new(heap, bytes, length, &made) != BS_OK) abort();
  return made;
}

static bs_value text_of(bs_heap *heap, const char *text) {
  bs_value made;
  if (bs_text_new(heap, text, strlen(text), &made) != BS_OK) abort();
  return made;
}

static size_t look_everywhere(const uint8_t *in, size_t bytes, const uint8_t *needle, size_t length,
                              size_t from) {
  for (size_t at = from; at + length <= bytes; at++) {
    if (memcmp(in + at, needle, length) == 0) return at;
  }
  return BS_NOT_FOUND;
}

/** Few different bytes, often in periods, so that needles nearly match in many places. */
static size_t make(uint64_t *seed, uint8_t *bytes, size_t most) {
  size_t length = tap_random(seed) % (most + 1);
  size_t period = 1 + tap_random(seed) % 6;
  uint64_t alphabet = 1 + tap_random(seed) % 3;
  for (size_t i = 0; i < length; i++) {
    bool repeats = i >= period && tap_random(seed) % 16 != 0;
    bytes[i] = repeats ? bytes[i - period] : (uint8_t)(tap_random(seed) % alphabet * 127);
  }
  return length;
}

static bool finds_as_a_search_of_every_place(void) {
  uint64_t seed = 3;
  size_t found = 0;
  for (int turn = 0; turn < 30000; turn++) {
    uint8_t in[120];
    uint8_t needle[30];
    bs_heap *heap = value_heap(64 << 10, 0);
    size_t bytes = make(&seed, in, sizeof in);
    size_t length = make(&seed, needle, sizeof needle);
    // Half of the needles are there.
    if (tap_random(&seed) % 2 == 0 && bytes > 0) {
      length = tap_random(&seed) % (bytes < sizeof needle ? bytes : sizeof needle);
      memcpy(needle, in + tap_random(&seed) % (bytes - length), length);
    }
    size_t from = tap_random(&seed) % (bytes + 2);
    bs_value hay = bytes_of(heap, in, bytes);
    bs_value sought = bytes_of(heap, needle, length);
    size_t expected = look_everywhere(in, bytes, needle, length, from);
    tap_need(bs_bytes_find(hay, sought, from) == expected);
    found += expected != BS_NOT_FOUND;
    bs_release(heap, hay);
    bs_release(heap, sought);
    tap_need(heap_ends_empty(heap));
  }
  return found > 5000 && found < 25000;
}

static bool finds_text_by_code_points(void) {
  bs_heap *heap = value_heap(64 << 10, 0);
  bs_value text = text_of(heap, "\xc3\xbc\xe6\xb0\xb4 ab \xf0\x90\x85\x91 ab");
  bs_value needles[] = {text_of(heap, "ab"), text_of(heap, "\xf0\x90\x85\x91"), text_of(heap, ""),
                        text_of(heap, "abc")};
  const size_t from[] = {0, 3, 4, 9, 10, 11, 12};
  const size_t expected[4][7] = {{3, 3, 8, BS_NOT_FOUND, BS_NOT_FOUND, BS_NOT_FOUND, BS_NOT_FOUND},
                                 {6, 6, 6, BS_NOT_FOUND, BS_NOT_FOUND, BS_NOT_FOUND, BS_NOT_FOUND},
                                 {0, 3, 4, 9, 10, BS_NOT_FOUND, BS_NOT_FOUND},
                                 {BS_NOT_FOUND, BS_NOT_FOUND, BS_NOT_FOUND, BS_NOT_FOUND,
                                  BS_NOT_FOUND, BS_NOT_FOUND, BS_NOT_FOUND}};
  tap_need(bs_text_points(text) == 10);
  for (size_t n = 0; n < 4; n++) {
    for (size_t i = 0; i < 7; i++)
      tap_need(bs_text_find(text, needles[n], from[i]) == expected[n][i]);
    bs_release(heap, needles[n]);
  }
  bs_release(heap, text);
  return heap_ends_empty(heap);
}

static bool cuts_joins_and_compares_bytes(void) {
  bs_heap *heap = value_heap(64 << 10, 0);
  bs_value whole = bytes_of(heap, "\0abc\xff", 5);
  bs_value out;
  for (size_t cut = 0; cut <= 5; cut++) {
    bs_value left, right;
    tap_need(bs_bytes_slice(heap, whole, 0, cut, &left) == BS_OK);
    tap_need(bs_bytes_slice(heap, whole, cut, 5, &right) == BS_OK);
    tap_need(bs_bytes_length(left) == cut && bs_bytes_length(right) == 5 - cut);
    tap_need(bs_bytes_compare(left, whole) == (cut == 5 ? 0 : -1));
    tap_need(bs_bytes_concat(heap, left, right, &out) == BS_OK);
    tap_need(bs_bytes_compare(out, whole) == 0);
    bs_value owned[] = {left, right, out};
    for (int i = 0; i < 3; i++)
      bs_release(heap, owned[i]);
  }
  tap_need(bs_bytes_slice(heap, whole, 3, 2, &out) == BS_RANGE);
  tap_need(bs_bytes_slice(heap, whole, 0, 6, &out) == BS_RANGE);
  bs_release(heap, whole);
  return heap_ends_empty(heap);
}

int main(void) {
  tap_ok(finds_as_a_search_of_every_place(), "bytes are found where a search of every place does");
  tap_ok(finds_text_by_code_points(), "text is found by code points");
  tap_ok(cuts_joins_and_compares_bytes(), "bytes are cut, joined and compared");
  return tap_done();
}
