// Text to float64 with correct rounding. Short numbers take the exact path of W. D. Clinger ("How
// to read floating point numbers accurately", 1990); all others are divided out in big integers,
// where the remainder decides. No more than 768 digits can matter: after these one bit stands for
// the rest.
#include "float-bits.h"
#include <basalt/float-text.h>
#include <basalt/natural.h>

enum {
  // More than the 767 significant digits of the longest number between two float64.
  MAX_DIGITS = 770,
  // The largest divisor is 10^(770 + 345); the shifted numerator has 65 bits more.
  MAX_LIMBS = 124,
};

// Exponents are not followed further than this; no text is long enough to bring the number back.
#define EXPONENT_BOUND (INT64_C(1) << 56)

typedef struct {
  const char *text;
  size_t length;
  size_t at;
} cursor;

// The digits of the number, as parts of the text.
typedef struct {
  bool negative;
  const char *first; // the first significant digit
  size_t span;       // bytes from it to the last digit, the point included
  int64_t count;     // significant digits
  int64_t exponent;  // of the last significant digit
} scanned;

static bool is_digit(const cursor *in) {
  return in->at < in->length && in->text[in->at] >= '0' && in->text[in->at] <= '9';
}

static bool accept(cursor *in, char lower, char upper) {
  if (in->at == in->length || (in->text[in->at] != lower && in->text[in->at] != upper))
    return false;
  in->at++;
  return true;
}

// Skips digits; counts those from the first one that is not zero.
static size_t scan_digits(cursor *in, scanned *number) {
  size_t from = in->at;
  for (; is_digit(in); in->at++) {
    if (number->first == NULL) {
      if (in->text[in->at] == '0') continue;
      number->first = in->text + in->at;
    }
    number->count++;
    number->span = (size_t)(in->text + in->at + 1 - number->first);
  }
  return in->at - from;
}

static bool scan_exponent(cursor *in, int64_t *out) {
  bool negative = accept(in, '-', '-');
  if (!negative) accept(in, '+', '+');
  if (!is_digit(in)) return false;
  int64_t exponent = 0;
  for (; is_digit(in); in->at++) {
    if (exponent < EXPONENT_BOUND) exponent = exponent * 10 + (in->text[in->at] - '0');
  }
  *out = negative ? -exponent : exponent;
  return true;
}

static bool scan(cursor *in, scanned *number) {
  if (scan_digits(in, number) == 0) return false;
  size_t decimals = 0;
  if (accept(in, '.', '.')) {
    decimals = scan_digits(in, number);
    if (decimals == 0) return false;
  }
  int64_t exponent = 0;
  if (accept(in, 'e', 'E') && !scan_exponent(in, &exponent)) return false;
  number->exponent = exponent - (int64_t)decimals;
  return in->at == in->length;
}

// Appends up to MAX_DIGITS digits, and a 1 for the rest when any of it is not zero.
static size_t read_digits(const scanned *number, bs_limb *limbs, int64_t *exponent) {
  size_t used = 0;
  int64_t taken = 0;
  bool rest = false;
  for (size_t i = 0; i < number->span; i++) {
    char c = number->first[i];
    if (c == '.') continue;
    if (taken == MAX_DIGITS) {
      rest = rest || c != '0';
      continue;
    }
    bs_limb carry = bs_natural_scale(limbs, used, 10, (bs_limb)(c - '0'));
    if (carry != 0) limbs[used++] = carry;
    taken++;
  }
  *exponent = number->exponent + number->count - taken;
  if (rest) {
    bs_limb carry = bs_natural_scale(limbs, used, 10, 1);
    if (carry != 0) limbs[used++] = carry;
    (*exponent)--;
  }
  return used;
}

static size_t multiply_by_power(bs_limb *limbs, size_t used, int64_t power) {
  for (; power > 0; power--) {
    bs_limb carry = bs_natural_scale(limbs, used, 10, 0);
    if (carry != 0) limbs[used++] = carry;
  }
  return used;
}

// q * 2^scale rounded to the nearest float64, ties to even; q has its top bit set, and `sticky`
// says that the true number is a little more.
static double round_to_float(uint64_t q, int64_t scale, bool sticky) {
  // A normal number keeps 53 of the 64 bits; a subnormal one fewer, as its last bit is 2^-1074.
  int64_t lost = 11;
  if (scale + lost < -1074) lost = -1074 - scale;
  if (lost > 64) return 0;
  uint64_t kept = lost == 64 ? 0 : q >> lost;
  uint64_t half = 1ull << (lost - 1);
  uint64_t below = lost == 64 ? q : q & ((1ull << lost) - 1);
  if (below > half || (below == half && (sticky || (kept & 1) != 0))) kept++;
  int64_t exponent = scale + lost;
  if (kept >> 53 != 0) {
    kept >>= 1;
    exponent++;
  }
  if (exponent > 971) return bs_float_from_bits(BS_FLOAT_INFINITY);
  if (kept < BS_FLOAT_HIDDEN) return bs_float_from_bits(kept);
  return bs_float_from_bits((kept & BS_FLOAT_FRACTION) | (uint64_t)(exponent + BS_FLOAT_SCALE)
                                                             << BS_FLOAT_FRACTION_BITS);
}

static double divide_out(const scanned *number) {
  bs_limb top[MAX_LIMBS] = {0};
  bs_limb bottom[MAX_LIMBS] = {1};
  bs_limb quotient[MAX_LIMBS];
  bs_limb remainder[MAX_LIMBS + 1];
  bs_limb scratch[MAX_LIMBS];
  int64_t exponent;
  size_t top_count = read_digits(number, top, &exponent);
  size_t bottom_count = 1;
  if (exponent >= 0)
    top_count = multiply_by_power(top, top_count, exponent);
  else
    bottom_count = multiply_by_power(bottom, 1, -exponent);
  // The quotient gets 64 or 65 bits.
  int64_t shift = 64 - ((int64_t)bs_natural_bits(top, top_count) -
                        (int64_t)bs_natural_bits(bottom, bottom_count));
  if (shift > 0) {
    bs_natural_shift_left(top, top, top_count, (size_t)shift);
    top_count = bs_natural_trim(top, top_count + (size_t)shift / BS_LIMB_BITS + 1);
  } else {
    bs_natural_shift_left(bottom, bottom, bottom_count, (size_t)-shift);
    bottom_count = bs_natural_trim(bottom, bottom_count + (size_t)-shift / BS_LIMB_BITS + 1);
  }
  bs_natural_divide(quotient, remainder, scratch, top, top_count, bottom, bottom_count);
  bool sticky = bs_natural_trim(remainder, bottom_count) != 0;
  size_t count = bs_natural_trim(quotient, top_count - bottom_count + 1);
  uint64_t q = (uint64_t)quotient[1] << BS_LIMB_BITS | quotient[0];
  if (count > 2) {
    sticky = sticky || (q & 1) != 0;
    q = q >> 1 | (uint64_t)quotient[2] << 63;
    shift--;
  }
  return round_to_float(q, -shift, sticky);
}

// Exact when digits and power are float64 without rounding; false when they are not.
static bool exact_product(const scanned *number, double *out) {
  static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (number->count > 15 || number->exponent < -22 || number->exponent > 22) return false;
  uint64_t digits = 0;
  for (size_t i = 0; i < number->span; i++) {
    if (number->first[i] != '.') digits = digits * 10 + (uint64_t)(number->first[i] - '0');
  }
  *out = number->exponent < 0 ? (double)digits / powers[-number->exponent]
                              : (double)digits * powers[number->exponent];
  return true;
}

static double magnitude_of(const scanned *number) {
  double exact;
  if (number->count == 0) return 0;
  if (exact_product(number, &exact)) return exact;
  if (number->exponent + number->count > 310) return bs_float_from_bits(BS_FLOAT_INFINITY);
  if (number->exponent + number->count < -325) return 0;
  return divide_out(number);
}

static bool rest_is(const cursor *in, const char *word) {
  size_t i = in->at;
  for (; *word != 0; word++, i++) {
    if (i >= in->length || in->text[i] != *word) return false;
  }
  return i == in->length;
}

bool bs_float_parse(const char *text, size_t length, double *out) {
  cursor in = {text, length, 0};
  scanned number = {0};
  if (rest_is(&in, "NaN")) {
    *out = bs_float_from_bits(BS_FLOAT_NAN);
    return true;
  }
  number.negative = accept(&in, '-', '-');
  double magnitude;
  if (rest_is(&in, "Infinity"))
    magnitude = bs_float_from_bits(BS_FLOAT_INFINITY);
  else if (scan(&in, &number))
    magnitude = magnitude_of(&number);
  else
    return false;
  *out = number.negative ? -magnitude : magnitude;
  return true;
}
