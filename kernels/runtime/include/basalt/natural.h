// Arithmetic of natural numbers of any size as arrays of 32-bit limbs, the least significant first.
// Nothing is allocated: results go where the caller says. A count of limbs may include leading
// zeros; `bs_natural_trim` gives the count without them, which is 0 for zero.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef uint32_t bs_limb;

#define BS_LIMB_BITS 32

/** The count without leading zero limbs. */
size_t bs_natural_trim(const bs_limb *a, size_t count);

/** Significant bits; 0 for zero. */
uint64_t bs_natural_bits(const bs_limb *a, size_t count);

/** Negative, zero or positive as a is less than, equal to or greater than b. Both trimmed. */
int bs_natural_compare(const bs_limb *a, size_t a_count, const bs_limb *b, size_t b_count);

/** out = a + b, a_count + 1 limbs. a_count >= b_count; out may be a or b. */
void bs_natural_add(bs_limb *out, const bs_limb *a, size_t a_count, const bs_limb *b,
                    size_t b_count);

/** out = a - b, a_count limbs. a >= b and a_count >= b_count; out may be a or b. */
void bs_natural_subtract(bs_limb *out, const bs_limb *a, size_t a_count, const bs_limb *b,
                         size_t b_count);

/** out = a * b, a_count + b_count limbs, which overlap neither factor. O(a_count * b_count). */
void bs_natural_multiply(bs_limb *out, const bs_limb *a, size_t a_count, const bs_limb *b,
                         size_t b_count);

/** a = a * factor + addend in place; returns the limb that is carried out. */
bs_limb bs_natural_scale(bs_limb *a, size_t count, bs_limb factor, bs_limb addend);

/** a = a / divisor in place; returns the remainder. divisor != 0. */
bs_limb bs_natural_divide_small(bs_limb *a, size_t count, bs_limb divisor);

/** Knuth's algorithm D (The Art of Computer Programming, volume 2, section 4.3.1). Divides a by b:
 * quotient gets a_count - b_count + 1 limbs; `remainder` is room for a_count + 1 limbs whose first
 * b_count are the remainder; `divisor` is scratch for b_count limbs. b trimmed and not zero,
 * a_count >= b_count; nothing may overlap. */
void bs_natural_divide(bs_limb *quotient, bs_limb *remainder, bs_limb *divisor, const bs_limb *a,
                       size_t a_count, const bs_limb *b, size_t b_count);

/** out = a << bits, count + bits / 32 + 1 limbs. out may be a. */
void bs_natural_shift_left(bs_limb *out, const bs_limb *a, size_t count, size_t bits);

/** out = a >> bits, count - bits / 32 limbs; bits / 32 <= count. out may be a. */
void bs_natural_shift_right(bs_limb *out, const bs_limb *a, size_t count, size_t bits);
