// Arithmetic of integers. A result is written into a new cell and becomes a word where it fits.
#include "integer-parts.h"

/** x + y with the sign of y given apart. */
static bs_status add(bs_heap *heap, const bs_integer_parts *x, const bs_integer_parts *y,
                     bool y_negative, bs_value *out) {
  if (x->negative == y_negative) {
    const bs_integer_parts *longer = x->count >= y->count ? x : y;
    const bs_integer_parts *shorter = longer == x ? y : x;
    bs_integer_cell *sum = bs_integer_reserve(heap, longer->count + 1);
    if (sum == NULL) return BS_NOMEM;
    bs_natural_add(sum->limbs, longer->limbs, longer->count, shorter->limbs, shorter->count);
    *out = bs_integer_close(heap, sum, x->negative);
    return BS_OK;
  }
  bool x_larger = bs_natural_compare(x->limbs, x->count, y->limbs, y->count) >= 0;
  const bs_integer_parts *larger = x_larger ? x : y;
  const bs_integer_parts *smaller = x_larger ? y : x;
  bs_integer_cell *difference = bs_integer_reserve(heap, larger->count);
  if (difference == NULL) return BS_NOMEM;
  bs_natural_subtract(difference->limbs, larger->limbs, larger->count, smaller->limbs,
                      smaller->count);
  *out = bs_integer_close(heap, difference, x_larger ? x->negative : y_negative);
  return BS_OK;
}

bs_status bs_integer_add(bs_heap *heap, bs_value a, bs_value b, bs_value *out) {
  // Two words of 61 bits cannot overflow 64.
  if (bs_is_small(a) && bs_is_small(b)) {
    return bs_integer_new(heap, bs_to_small(a) + bs_to_small(b), out);
  }
  bs_integer_parts x;
  bs_integer_parts y;
  bs_integer_open(a, &x);
  bs_integer_open(b, &y);
  return add(heap, &x, &y, y.negative, out);
}

bs_status bs_integer_subtract(bs_heap *heap, bs_value a, bs_value b, bs_value *out) {
  if (bs_is_small(a) && bs_is_small(b)) {
    return bs_integer_new(heap, bs_to_small(a) - bs_to_small(b), out);
  }
  bs_integer_parts x;
  bs_integer_parts y;
  bs_integer_open(a, &x);
  bs_integer_open(b, &y);
  return add(heap, &x, &y, !y.negative, out);
}

bs_status bs_integer_multiply(bs_heap *heap, bs_value a, bs_value b, bs_value *out) {
  bs_integer_parts x;
  bs_integer_parts y;
  bs_integer_open(a, &x);
  bs_integer_open(b, &y);
  if (x.count <= 1 && y.count <= 1) {
    uint64_t product = x.count == 0 || y.count == 0 ? 0 : (uint64_t)x.limbs[0] * y.limbs[0];
    if (product <= (uint64_t)BS_SMALL_MAX) {
      *out = bs_from_small(x.negative != y.negative ? -(int64_t)product : (int64_t)product);
      return BS_OK;
    }
  }
  bs_integer_cell *cell = bs_integer_reserve(heap, x.count + y.count);
  if (cell == NULL) return BS_NOMEM;
  bs_natural_multiply(cell->limbs, x.limbs, x.count, y.limbs, y.count);
  *out = bs_integer_close(heap, cell, x.negative != y.negative);
  return BS_OK;
}

/** Quotient and remainder of magnitudes, both with the sign of a division towards zero. */
static bs_status divide_truncated(bs_heap *heap, const bs_integer_parts *x,
                                  const bs_integer_parts *y, bs_value *quotient,
                                  bs_value *remainder) {
  size_t x_count = x->count < y->count ? y->count : x->count;
  bs_integer_cell *dividend = bs_integer_reserve(heap, x_count);
  bs_integer_cell *scratch = bs_integer_reserve(heap, y->count);
  bs_integer_cell *q = bs_integer_reserve(heap, x_count - y->count + 1);
  bs_integer_cell *r = bs_integer_reserve(heap, x_count + 1);
  bool enough = dividend != NULL && scratch != NULL && q != NULL && r != NULL;
  if (enough) {
    for (size_t i = 0; i < x->count; i++)
      dividend->limbs[i] = x->limbs[i];
    bs_natural_divide(q->limbs, r->limbs, scratch->limbs, dividend->limbs, x_count, y->limbs,
                      y->count);
    r->count = (uint32_t)y->count;
    *quotient = bs_integer_close(heap, q, x->negative != y->negative);
    *remainder = bs_integer_close(heap, r, x->negative);
  }
  if (dividend != NULL) bs_release(heap, bs_from_cell(dividend));
  if (scratch != NULL) bs_release(heap, bs_from_cell(scratch));
  if (!enough && q != NULL) bs_release(heap, bs_from_cell(q));
  if (!enough && r != NULL) bs_release(heap, bs_from_cell(r));
  return enough ? BS_OK : BS_NOMEM;
}

/** Turns a division towards zero into one that rounds down: q - 1 and r + b. */
static bs_status round_down(bs_heap *heap, bs_value b, bs_value *quotient, bs_value *remainder) {
  bs_value q;
  bs_value r;
  bs_status status = bs_integer_subtract(heap, *quotient, bs_from_small(1), &q);
  if (status != BS_OK) return status;
  status = bs_integer_add(heap, *remainder, b, &r);
  if (status != BS_OK) {
    bs_release(heap, q);
    return status;
  }
  bs_release(heap, *quotient);
  bs_release(heap, *remainder);
  *quotient = q;
  *remainder = r;
  return BS_OK;
}

bs_status bs_integer_divide(bs_heap *heap, bs_value a, bs_value b, bs_value *quotient,
                            bs_value *remainder) {
  bs_integer_parts x;
  bs_integer_parts y;
  bs_integer_open(a, &x);
  bs_integer_open(b, &y);
  if (y.count == 0) return BS_RANGE;
  bs_value q;
  bs_value r;
  bs_status status = divide_truncated(heap, &x, &y, &q, &r);
  if (status != BS_OK) return status;
  if (r != bs_from_small(0) && x.negative != y.negative) status = round_down(heap, b, &q, &r);
  if (status != BS_OK) {
    bs_release(heap, q);
    bs_release(heap, r);
    return status;
  }
  *quotient = q;
  *remainder = r;
  return BS_OK;
}

bs_status bs_integer_shift_left(bs_heap *heap, bs_value a, size_t bits, bs_value *out) {
  bs_integer_parts x;
  bs_integer_open(a, &x);
  if (x.count == 0) {
    *out = a;
    return BS_OK;
  }
  bs_integer_cell *cell = bs_integer_reserve(heap, x.count + bits / BS_LIMB_BITS + 1);
  if (cell == NULL) return BS_NOMEM;
  bs_natural_shift_left(cell->limbs, x.limbs, x.count, bits);
  *out = bs_integer_close(heap, cell, x.negative);
  return BS_OK;
}

/** Whether any of the bits that a shift right loses is set. */
static bool loses_bits(const bs_integer_parts *x, size_t bits) {
  size_t limbs = bits / BS_LIMB_BITS;
  if (bs_natural_trim(x->limbs, limbs) != 0) return true;
  return limbs < x->count && (x->limbs[limbs] & (((bs_limb)1 << bits % BS_LIMB_BITS) - 1)) != 0;
}

bs_status bs_integer_shift_right(bs_heap *heap, bs_value a, size_t bits, bs_value *out) {
  bs_integer_parts x;
  bs_integer_open(a, &x);
  if (bits / BS_LIMB_BITS >= x.count) {
    *out = bs_from_small(x.negative ? -1 : 0);
    return BS_OK;
  }
  size_t count = x.count - bits / BS_LIMB_BITS;
  // One limb more, because rounding down adds one to the magnitude of a negative number.
  bs_integer_cell *cell = bs_integer_reserve(heap, count + 1);
  if (cell == NULL) return BS_NOMEM;
  bs_natural_shift_right(cell->limbs, x.limbs, x.count, bits);
  if (x.negative && loses_bits(&x, bits)) {
    bs_limb one = 1;
    bs_natural_add(cell->limbs, cell->limbs, count, &one, 1);
  }
  *out = bs_integer_close(heap, cell, x.negative);
  return BS_OK;
}
