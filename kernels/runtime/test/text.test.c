// Text: what is UTF-8, and operations on code points.
#include <basalt/text.h>

#include "value-random.h"

static bool checks_utf8(void) {
  static const struct {
    const char *bytes;
    size_t points;
  } well_formed[] = {
      {"", 0},
      {"plain", 5},
      {"\xc2\x80\xdf\xbf", 2},
      {"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", 4},
      {"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 2},
  };
  static const char *const malformed[] = {
      "\x80",
      "\xc0\x80",
      "\xc1\xbf",
      "\xc2",
      "\xc2\x20",
      "\xe0\x9f\xbf",
      "\xed\xa0\x80",
      "\xe1\x80",
      "\xe1\x80\x20",
      "\xf0\x8f\xbf\xbf",
      "\xf4\x90\x80\x80",
      "\xf5\x80\x80\x80",
      "\xf1\x80\x80",
      "\xff",
      "ok\xfe",
  };
  for (size_t i = 0; i < sizeof well_formed / sizeof well_formed[0]; i++) {
    size_t points = 99;
    tap_need(bs_utf8_check(well_formed[i].bytes, strlen(well_formed[i].bytes), &points));
    tap_need(points == well_formed[i].points);
  }
  for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
    tap_need(!bs_utf8_check(malformed[i], strlen(malformed[i]), NULL));
  }
  return true;
}

// Every code point, encoded by the formula, is well-formed, and surrogates are not.
static bool checks_every_point(void) {
  for (uint32_t point = 0; point < 0x110000; point++) {
    char bytes[4];
    size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const uint8_t marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    uint32_t rest = point;
    for (size_t i = length; i > 1; i--, rest >>= 6)
      bytes[i - 1] = (char)(0x80 | (rest & 0x3f));
    bytes[0] = (char)(marks[length] | rest);
    bool surrogate = point >= 0xd800 && point < 0xe000;
    size_t points;
    tap_need(bs_utf8_check(bytes, length, &points) == !surrogate);
    tap_need(surrogate || points == 1);
    tap_need(length == 1 || !bs_utf8_check(bytes, length - 1, NULL));
  }
  return true;
}

static bool joins_and_cuts(void) {
  bs_heap *heap = value_heap(1 << 20, 0);
  uint64_t seed = 1;
  for (int i = 0; i < 3000; i++) {
    bs_value a, b, both, left, right;
    tap_need(random_text(heap, &seed, &a) == BS_OK && random_text(heap, &seed, &b) == BS_OK);
    tap_need(bs_text_concat(heap, a, b, &both) == BS_OK);
    size_t points = bs_text_points(a);
    tap_need(bs_text_points(both) == points + bs_text_points(b));
    tap_need(bs_text_slice(heap, both, 0, points, &left) == BS_OK);
    tap_need(bs_text_slice(heap, both, points, bs_text_points(both), &right) == BS_OK);
    tap_need(bs_text_compare(left, a) == 0 && bs_text_compare(right, b) == 0);
    tap_need(bs_text_points(left) == points && bs_text_hash(left, 0) == bs_text_hash(a, 0));
    tap_need(bs_text_compare(a, b) == -bs_text_compare(b, a) ||
             (bs_text_compare(a, b) < 0) == (bs_text_compare(b, a) > 0));
    bs_value owned[] = {a, b, both, left, right};
    for (size_t j = 0; j < 5; j++)
      bs_release(heap, owned[j]);
  }
  return heap_ends_empty(heap);
}

static bool orders(void) {
  // In order of code points; the order of keys puts the shorter first.
  static const char *const texts[] = {
      "", "a", "ab", "b", "\xc3\xbc", "\xef\xbf\xbd", "\xf0\x90\x80\x80"};
  bs_heap *heap = value_heap(1 << 20, 0);
  bs_value values[7];
  for (size_t i = 0; i < 7; i++) {
    tap_need(bs_text_new(heap, texts[i], strlen(texts[i]), &values[i]) == BS_OK);
  }
  for (size_t i = 0; i < 7; i++) {
    for (size_t j = 0; j < 7; j++) {
      int order = bs_text_compare(values[i], values[j]);
      tap_need((order < 0) == (i < j) && (order == 0) == (i == j));
    }
  }
  tap_need(bs_text_compare_keys(values[3], values[2]) < 0);
  tap_need(bs_text_compare_keys(values[1], values[3]) < 0);
  for (size_t i = 0; i < 7; i++)
    bs_release(heap, values[i]);
  return heap_ends_empty(heap);
}

static bool refuses(void) {
  bs_heap *heap = value_heap(1 << 20, 0);
  bs_value text = BS_NONE;
  bs_value slice = BS_NONE;
  tap_need(bs_text_new(heap, "\xff", 1, &text) == BS_CORRUPT && text == BS_NONE);
  tap_need(bs_text_new(heap,
                       "\xc3\xbc"
                       "b",
                       3, &text) == BS_OK);
  tap_need(bs_text_slice(heap, text, 0, 3, &slice) == BS_RANGE);
  tap_need(bs_text_slice(heap, text, 2, 1, &slice) == BS_RANGE);
  tap_need(bs_text_slice(heap, text, SIZE_MAX, SIZE_MAX, &slice) == BS_RANGE);
  tap_need(bs_text_slice(heap, text, 2, 2, &slice) == BS_OK && bs_text_length(slice) == 0);
  bs_release(heap, slice);
  bs_release(heap, text);
  tap_need(bs_bytes_new(heap, NULL, 2 << 20, &text) == BS_NOMEM);
  return heap_ends_empty(heap);
}

int main(void) {
  tap_ok(checks_utf8(), "named bytes are UTF-8 or not");
  tap_ok(checks_every_point(), "every code point but the surrogates");
  tap_ok(joins_and_cuts(), "a joined text is cut where it was joined");
  tap_ok(orders(), "texts have their orders");
  tap_ok(refuses(), "what is no text or no slice is refused");
  return tap_done();
}
