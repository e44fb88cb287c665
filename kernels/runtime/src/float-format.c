// The shortest text of a float64 by Raffaello Giulietti's "The Schubfach way to render doubles"
// (2020): three 128-bit products decide, and no case needs a slower method.
#include "float-bits.h"
#include "powers-of-ten.h"
#include <basalt/float-text.h>

// floor(log2(10^e)), for |e| <= 1233.
static int floor_log2_power(int e) {
  return (e * 1741647) >> 19;
}

// The product's upper 64 bits, with the lowest bit set when anything below was lost.
static uint64_t round_to_odd(bs_wide power, uint64_t number) {
  bs_wide low = bs_wide_multiply(power.low, number);
  bs_wide high = bs_wide_multiply(power.high, number);
  uint64_t middle = low.high + high.low;
  uint64_t top = high.high + (middle < high.low);
  return top | (middle > 1);
}

// Of the four decimals around c * 2^q, the one that the paper's section 8 selects.
static bs_decimal select_decimal(uint64_t c, int q, bool lower_is_closer) {
  uint64_t open = c & 1;
  int k = (q * 1262611 - (lower_is_closer ? 524031 : 0)) >> 22;
  int h = q + floor_log2_power(-k) + 1;
  bs_wide power = bs_powers_of_ten[-k - BS_FIRST_POWER];
  uint64_t lower = round_to_odd(power, (4 * c - 2 + lower_is_closer) << h) + open;
  uint64_t exact = round_to_odd(power, (4 * c) << h);
  uint64_t upper = round_to_odd(power, (4 * c + 2) << h) - open;
  uint64_t s = exact / 4;
  if (s >= 10) {
    uint64_t tens = s / 10;
    bool down = lower <= 40 * tens;
    bool up = 40 * tens + 40 <= upper;
    if (down != up) return (bs_decimal){tens + up, k + 1};
  }
  bool down = lower <= 4 * s;
  bool up = 4 * s + 4 <= upper;
  if (down != up) return (bs_decimal){s + up, k};
  uint64_t middle = 4 * s + 2;
  bool nearer_up = exact > middle || (exact == middle && (s & 1) != 0);
  return (bs_decimal){s + nearer_up, k};
}

bs_decimal bs_float_shortest(double number) {
  uint64_t bits = bs_float_to_bits(number);
  uint64_t fraction = bits & BS_FLOAT_FRACTION;
  int biased = (int)(bits >> BS_FLOAT_FRACTION_BITS);
  uint64_t c = biased == 0 ? fraction : fraction | BS_FLOAT_HIDDEN;
  int q = (biased == 0 ? 1 : biased) - BS_FLOAT_SCALE;
  bs_decimal decimal;
  if (biased != 0 && q <= 0 && q > -53 && (c & ((1ull << -q) - 1)) == 0) {
    decimal = (bs_decimal){c >> -q, 0};
  } else {
    decimal = select_decimal(c, q, fraction == 0 && biased > 1);
  }
  while (decimal.digits % 10 == 0) {
    decimal.digits /= 10;
    decimal.exponent++;
  }
  return decimal;
}

static size_t copy_text(const char *text, char *out) {
  size_t length = 0;
  for (; text[length] != 0; length++)
    out[length] = text[length];
  return length;
}

static size_t repeat_zero(char *out, int count) {
  for (int i = 0; i < count; i++)
    out[i] = '0';
  return (size_t)count;
}

// d.ddde+x, where the point stands after the first digit; exponent is that of the first digit.
static size_t scientific(const char *digits, int count, int exponent, char *out) {
  size_t length = 0;
  out[length++] = digits[0];
  if (count > 1) out[length++] = '.';
  for (int i = 1; i < count; i++)
    out[length++] = digits[i];
  out[length++] = 'e';
  out[length++] = exponent < 0 ? '-' : '+';
  int magnitude = exponent < 0 ? -exponent : exponent;
  if (magnitude >= 100) out[length++] = (char)('0' + magnitude / 100);
  if (magnitude >= 10) out[length++] = (char)('0' + magnitude / 10 % 10);
  out[length++] = (char)('0' + magnitude % 10);
  return length;
}

// `point` digits stand before the point.
static size_t positional(const char *digits, int count, int point, char *out) {
  size_t length = 0;
  if (point <= 0) {
    length += copy_text("0.", out);
    length += repeat_zero(out + length, -point);
  }
  for (int i = 0; i < count; i++) {
    if (i == point && i > 0) out[length++] = '.';
    out[length++] = digits[i];
  }
  if (point > count) length += repeat_zero(out + length, point - count);
  return length;
}

size_t bs_float_format(double number, char out[BS_FLOAT_TEXT_BYTES]) {
  if (number != number) return copy_text("NaN", out);
  size_t length = 0;
  if (bs_float_to_bits(number) >> 63 != 0) {
    out[length++] = '-';
    number = -number;
  }
  if (number == 0) return length + copy_text("0", out + length);
  if (bs_float_to_bits(number) == BS_FLOAT_INFINITY)
    return length + copy_text("Infinity", out + length);
  bs_decimal decimal = bs_float_shortest(number);
  char reversed[20];
  char digits[20];
  int count = 0;
  for (uint64_t rest = decimal.digits; rest > 0; rest /= 10)
    reversed[count++] = (char)('0' + rest % 10);
  for (int i = 0; i < count; i++)
    digits[i] = reversed[count - 1 - i];
  int point = count + decimal.exponent;
  if (point > -6 && point <= 21) return length + positional(digits, count, point, out + length);
  return length + scientific(digits, count, point - 1, out + length);
}
