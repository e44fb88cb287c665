// Integers against 128-bit arithmetic, against the laws that hold for any size, and known numbers.
#include <basalt/number.h>
#include <basalt/text.h>

#include "value-random.h"

typedef __int128 wide;

static bs_value from_wide(bs_heap *heap, wide number) {
  uint8_t bytes[16];
  unsigned __int128 magnitude = number < 0 ? -(unsigned __int128)number : (unsigned __int128)number;
  for (int i = 0; i < 16; i++)
    bytes[i] = (uint8_t)(magnitude >> (8 * (15 - i)));
  bs_value value;
  if (bs_integer_from_bytes(heap, number < 0, bytes, sizeof bytes, &value) != BS_OK) abort();
  return value;
}

/** Whether the value is the number; releases it. */
static bool is_wide(bs_heap *heap, bs_value value, wide number) {
  bs_value expected = from_wide(heap, number);
  bool same =
      bs_integer_compare(value, expected) == 0 && bs_is_small(value) == bs_is_small(expected);
  bs_release(heap, expected);
  bs_release(heap, value);
  return same;
}

static int64_t random_word(uint64_t *seed) {
  // Of all sizes, and near to the powers of two where representations change.
  uint64_t choice = tap_random(seed);
  int64_t word = (int64_t)tap_random(seed) >> choice % 64;
  if (choice >> 60 == 0) word = (int64_t)((1ull << choice % 64) + (choice >> 8 & 3) - 2);
  return word;
}

static bool agrees_with_wide(void) {
  bs_heap *heap = value_heap(1 << 20, 0);
  uint64_t seed = 1;
  for (int i = 0; i < 20000; i++) {
    int64_t x = random_word(&seed);
    int64_t y = random_word(&seed);
    size_t bits = tap_random(&seed) % 64;
    bs_value a, b, q, r;
    tap_need(bs_integer_new(heap, x, &a) == BS_OK && bs_integer_new(heap, y, &b) == BS_OK);
    int64_t back;
    tap_need(bs_integer_to_int64(a, &back) && back == x);
    tap_need((bs_integer_compare(a, b) > 0) == (x > y) &&
             (bs_integer_compare(a, b) == 0) == (x == y));
    tap_need(bs_integer_add(heap, a, b, &q) == BS_OK && is_wide(heap, q, (wide)x + y));
    tap_need(bs_integer_subtract(heap, a, b, &q) == BS_OK && is_wide(heap, q, (wide)x - y));
    tap_need(bs_integer_multiply(heap, a, b, &q) == BS_OK && is_wide(heap, q, (wide)x * y));
    tap_need(bs_integer_shift_left(heap, a, bits, &q) == BS_OK);
    tap_need(is_wide(heap, q, (wide)x * ((wide)1 << bits)));
    tap_need(bs_integer_shift_right(heap, a, bits, &q) == BS_OK);
    tap_need(is_wide(heap, q, (wide)x >> bits));
    if (y == 0) {
      tap_need(bs_integer_divide(heap, a, b, &q, &r) == BS_RANGE);
    } else {
      wide quotient = (wide)x / y;
      if ((wide)x % y != 0 && (x < 0) != (y < 0)) quotient--;
      tap_need(bs_integer_divide(heap, a, b, &q, &r) == BS_OK);
      tap_need(is_wide(heap, q, quotient) && is_wide(heap, r, (wide)x - quotient * y));
    }
    bs_release(heap, a);
    bs_release(heap, b);
  }
  return heap_ends_empty(heap);
}

// a = q * b + r with 0 <= |r| < |b| and the sign of b; (a + b) - b = a; shifts are products.
static bool obeys_laws(bs_heap *heap, bs_value a, bs_value b, size_t bits) {
  bs_value q, r, product, sum;
  tap_need(bs_integer_add(heap, a, b, &sum) == BS_OK);
  tap_need(bs_integer_subtract(heap, sum, b, &q) == BS_OK && bs_integer_compare(q, a) == 0);
  bs_release(heap, q);
  bs_release(heap, sum);
  if (b != bs_from_small(0)) {
    tap_need(bs_integer_divide(heap, a, b, &q, &r) == BS_OK);
    tap_need(r == bs_from_small(0) || bs_integer_is_negative(r) == bs_integer_is_negative(b));
    tap_need(bs_integer_is_negative(b) ? bs_integer_compare(r, b) > 0
                                       : bs_integer_compare(r, b) < 0);
    tap_need(bs_integer_multiply(heap, q, b, &product) == BS_OK);
    tap_need(bs_integer_add(heap, product, r, &sum) == BS_OK && bs_integer_compare(sum, a) == 0);
    bs_release(heap, q);
    bs_release(heap, r);
    bs_release(heap, product);
    bs_release(heap, sum);
  }
  bs_value power;
  tap_need(bs_integer_shift_left(heap, bs_from_small(1), bits, &power) == BS_OK);
  tap_need(bs_integer_multiply(heap, a, power, &product) == BS_OK);
  tap_need(bs_integer_shift_left(heap, a, bits, &sum) == BS_OK);
  tap_need(bs_integer_compare(sum, product) == 0);
  tap_need(bs_integer_divide(heap, a, power, &q, &r) == BS_OK);
  bs_release(heap, r);
  tap_need(bs_integer_shift_right(heap, a, bits, &r) == BS_OK && bs_integer_compare(q, r) == 0);
  bs_value owned[] = {power, product, sum, q, r};
  for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
    bs_release(heap, owned[i]);
  return true;
}

static bool reads_back(bs_heap *heap, bs_value a, int base) {
  bs_value text, back;
  tap_need(bs_integer_format(heap, a, base, &text) == BS_OK);
  const char *digits = bs_text_bytes(text);
  tap_need(bs_integer_parse(heap, digits, bs_text_length(text), base, &back) == BS_OK);
  tap_need(bs_integer_compare(a, back) == 0 && bs_is_small(a) == bs_is_small(back));
  bs_release(heap, text);
  bs_release(heap, back);
  return true;
}

static bool holds_for_any_size(void) {
  bs_heap *heap = value_heap(1 << 20, 0);
  uint64_t seed = 2;
  for (int i = 0; i < 5000; i++) {
    bs_value a, b;
    tap_need(random_integer(heap, &seed, &a) == BS_OK && random_integer(heap, &seed, &b) == BS_OK);
    tap_need(obeys_laws(heap, a, b, tap_random(&seed) % 200));
    tap_need(reads_back(heap, a, 2 + (int)(tap_random(&seed) % 35)));
    bs_release(heap, a);
    bs_release(heap, b);
  }
  return heap_ends_empty(heap);
}

static bool text_is(bs_heap *heap, bs_value value, int base, const char *expected) {
  bs_value text;
  tap_need(bs_integer_format(heap, value, base, &text) == BS_OK);
  tap_need(bs_text_length(text) == strlen(expected));
  tap_need(memcmp(bs_text_bytes(text), expected, strlen(expected)) == 0);
  bs_release(heap, text);
  return true;
}

static bool knows_numbers(void) {
  bs_heap *heap = value_heap(1 << 20, 0);
  bs_value value = bs_from_small(1);
  for (int i = 2; i <= 40; i++) {
    bs_value next;
    tap_need(bs_integer_multiply(heap, value, bs_from_small(i), &next) == BS_OK);
    bs_release(heap, value);
    value = next;
  }
  // 40!
  tap_need(text_is(heap, value, 10, "815915283247897734345611269596115894272000000000"));
  bs_release(heap, value);
  tap_need(bs_integer_parse(heap, "-ZZ", 3, 36, &value) == BS_OK && value == bs_from_small(-1295));
  tap_need(text_is(heap, value, 36, "-zz") && text_is(heap, value, 2, "-10100001111"));
  tap_need(bs_integer_new(heap, INT64_MIN, &value) == BS_OK);
  tap_need(text_is(heap, value, 16, "-8000000000000000"));
  bs_release(heap, value);
  tap_need(text_is(heap, bs_from_small(0), 7, "0"));
  return heap_ends_empty(heap);
}

static bool refuses(void) {
  static const char *const malformed[] = {"",   "-",  "+", "--1", "1_0",
                                          " 1", "1 ", "a", "0x1", "1.0"};
  bs_heap *heap = value_heap(1 << 20, 0);
  bs_value value = BS_NONE;
  for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
    const char *text = malformed[i];
    tap_need(bs_integer_parse(heap, text, strlen(text), 10, &value) == BS_INVALID);
  }
  tap_need(bs_integer_parse(heap, "2", 1, 2, &value) == BS_INVALID);
  tap_need(bs_integer_parse(heap, "1", 1, 1, &value) == BS_RANGE);
  tap_need(bs_integer_parse(heap, "1", 1, 37, &value) == BS_RANGE);
  tap_need(bs_integer_format(heap, bs_from_small(1), 37, &value) == BS_RANGE);
  tap_need(bs_integer_shift_left(heap, bs_from_small(1), SIZE_MAX, &value) == BS_NOMEM);
  tap_need(bs_integer_shift_left(heap, bs_from_small(1), 1 << 26, &value) == BS_NOMEM);
  tap_need(bs_integer_shift_left(heap, bs_from_small(0), SIZE_MAX, &value) == BS_OK);
  tap_need(bs_integer_shift_right(heap, bs_from_small(-1), SIZE_MAX, &value) == BS_OK);
  tap_need(value == bs_from_small(-1));
  return heap_ends_empty(heap);
}

int main(void) {
  tap_ok(agrees_with_wide(), "words behave as 128-bit integers");
  tap_ok(holds_for_any_size(), "the laws hold for any size");
  tap_ok(knows_numbers(), "known numbers have their text");
  tap_ok(refuses(), "other text, other bases and results beyond the heap are refused");
  return tap_done();
}
