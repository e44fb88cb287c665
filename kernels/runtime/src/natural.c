// Natural numbers: the schoolbook methods on 32-bit limbs with 64-bit intermediates, which every
// architecture has in hardware.
#include <basalt/natural.h>

size_t bs_natural_trim(const bs_limb *a, size_t count) {
  while (count > 0 && a[count - 1] == 0)
    count--;
  return count;
}

static int leading_zeros(bs_limb limb) {
  return __builtin_clz(limb);
}

uint64_t bs_natural_bits(const bs_limb *a, size_t count) {
  count = bs_natural_trim(a, count);
  if (count == 0) return 0;
  return (uint64_t)count * BS_LIMB_BITS - (uint64_t)leading_zeros(a[count - 1]);
}

int bs_natural_compare(const bs_limb *a, size_t a_count, const bs_limb *b, size_t b_count) {
  if (a_count != b_count) return a_count < b_count ? -1 : 1;
  for (size_t i = a_count; i > 0; i--) {
    if (a[i - 1] != b[i - 1]) return a[i - 1] < b[i - 1] ? -1 : 1;
  }
  return 0;
}

void bs_natural_add(bs_limb *out, const bs_limb *a, size_t a_count, const bs_limb *b,
                    size_t b_count) {
  uint64_t carry = 0;
  for (size_t i = 0; i < a_count; i++) {
    carry += (uint64_t)a[i] + (i < b_count ? b[i] : 0);
    out[i] = (bs_limb)carry;
    carry >>= BS_LIMB_BITS;
  }
  out[a_count] = (bs_limb)carry;
}

void bs_natural_subtract(bs_limb *out, const bs_limb *a, size_t a_count, const bs_limb *b,
                         size_t b_count) {
  uint64_t borrow = 0;
  for (size_t i = 0; i < a_count; i++) {
    uint64_t difference = (uint64_t)a[i] - (i < b_count ? b[i] : 0) - borrow;
    out[i] = (bs_limb)difference;
    borrow = difference >> 63;
  }
}

void bs_natural_multiply(bs_limb *out, const bs_limb *a, size_t a_count, const bs_limb *b,
                         size_t b_count) {
  for (size_t i = 0; i < a_count + b_count; i++)
    out[i] = 0;
  for (size_t i = 0; i < a_count; i++) {
    uint64_t carry = 0;
    for (size_t j = 0; j < b_count; j++) {
      carry += (uint64_t)a[i] * b[j] + out[i + j];
      out[i + j] = (bs_limb)carry;
      carry >>= BS_LIMB_BITS;
    }
    out[i + b_count] = (bs_limb)carry;
  }
}

bs_limb bs_natural_scale(bs_limb *a, size_t count, bs_limb factor, bs_limb addend) {
  uint64_t carry = addend;
  for (size_t i = 0; i < count; i++) {
    carry += (uint64_t)a[i] * factor;
    a[i] = (bs_limb)carry;
    carry >>= BS_LIMB_BITS;
  }
  return (bs_limb)carry;
}

bs_limb bs_natural_divide_small(bs_limb *a, size_t count, bs_limb divisor) {
  uint64_t rest = 0;
  for (size_t i = count; i > 0; i--) {
    rest = rest << BS_LIMB_BITS | a[i - 1];
    a[i - 1] = (bs_limb)(rest / divisor);
    rest %= divisor;
  }
  return (bs_limb)rest;
}

// rest[0..count] -= factor * divisor; true when the difference would be negative.
static int subtract_multiple(bs_limb *rest, const bs_limb *divisor, size_t count, uint64_t factor) {
  uint64_t carry = 0;
  uint64_t borrow = 0;
  for (size_t i = 0; i < count; i++) {
    carry += factor * divisor[i];
    uint64_t difference = (uint64_t)rest[i] - (bs_limb)carry - borrow;
    rest[i] = (bs_limb)difference;
    borrow = difference >> 63;
    carry >>= BS_LIMB_BITS;
  }
  uint64_t difference = (uint64_t)rest[count] - carry - borrow;
  rest[count] = (bs_limb)difference;
  return (int)(difference >> 63);
}

static void add_back(bs_limb *rest, const bs_limb *divisor, size_t count) {
  uint64_t carry = 0;
  for (size_t i = 0; i < count; i++) {
    carry += (uint64_t)rest[i] + divisor[i];
    rest[i] = (bs_limb)carry;
    carry >>= BS_LIMB_BITS;
  }
  rest[count] += (bs_limb)carry;
}

// Step D3: a digit of the quotient from the leading limbs, at most one too large.
static uint64_t estimate_digit(const bs_limb *rest, const bs_limb *divisor, size_t count) {
  uint64_t top = (uint64_t)rest[count] << BS_LIMB_BITS | rest[count - 1];
  uint64_t digit = top / divisor[count - 1];
  uint64_t left = top % divisor[count - 1];
  while (digit >> BS_LIMB_BITS != 0 ||
         digit * divisor[count - 2] > (left << BS_LIMB_BITS | rest[count - 2])) {
    digit--;
    left += divisor[count - 1];
    if (left >> BS_LIMB_BITS != 0) break;
  }
  return digit;
}

void bs_natural_divide(bs_limb *quotient, bs_limb *remainder, bs_limb *divisor, const bs_limb *a,
                       size_t a_count, const bs_limb *b, size_t b_count) {
  if (b_count == 1) {
    for (size_t i = 0; i < a_count; i++)
      quotient[i] = a[i];
    remainder[0] = bs_natural_divide_small(quotient, a_count, b[0]);
    return;
  }
  // D1: both are shifted so that the divisor's leading bit is set.
  int shift = leading_zeros(b[b_count - 1]);
  bs_natural_shift_left(remainder, a, a_count, (size_t)shift);
  for (size_t i = b_count; i > 0; i--) {
    uint64_t pair = (uint64_t)b[i - 1] << BS_LIMB_BITS | (i > 1 ? b[i - 2] : 0);
    divisor[i - 1] = (bs_limb)(pair << shift >> BS_LIMB_BITS);
  }
  for (size_t j = a_count - b_count + 1; j > 0; j--) {
    bs_limb *rest = remainder + j - 1;
    uint64_t digit = estimate_digit(rest, divisor, b_count);
    if (subtract_multiple(rest, divisor, b_count, digit)) {
      add_back(rest, divisor, b_count);
      digit--;
    }
    quotient[j - 1] = (bs_limb)digit;
  }
  bs_natural_shift_right(remainder, remainder, b_count, (size_t)shift);
}

void bs_natural_shift_left(bs_limb *out, const bs_limb *a, size_t count, size_t bits) {
  size_t limbs = bits / BS_LIMB_BITS;
  int rest = (int)(bits % BS_LIMB_BITS);
  out[count + limbs] = 0;
  for (size_t i = count; i > 0; i--) {
    uint64_t wide = (uint64_t)a[i - 1] << rest;
    out[i + limbs] |= (bs_limb)(wide >> BS_LIMB_BITS);
    out[i - 1 + limbs] = (bs_limb)wide;
  }
  for (size_t i = 0; i < limbs; i++)
    out[i] = 0;
}

void bs_natural_shift_right(bs_limb *out, const bs_limb *a, size_t count, size_t bits) {
  size_t limbs = bits / BS_LIMB_BITS;
  int rest = (int)(bits % BS_LIMB_BITS);
  for (size_t i = limbs; i < count; i++) {
    uint64_t pair = (uint64_t)(i + 1 < count ? a[i + 1] : 0) << BS_LIMB_BITS | a[i];
    out[i - limbs] = (bs_limb)(pair >> rest);
  }
}
