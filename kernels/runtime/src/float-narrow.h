// Which shorter form of a float64 keeps the number, and half precision, which C11 has no type for.
#pragma once

#include <stdbool.h>

#include "float-bits.h"

/** Whether the number is whole, below 2^53 in magnitude and not -0: then it is the integer. */
static inline bool bs_float_is_integer(double number) {
  if (!(number > -9007199254740992.0 && number < 9007199254740992.0)) return false;
  return (double)(int64_t)number == number && bs_float_to_bits(number) != 1ull << 63;
}

/** Whether float32 keeps the number. NaN counts as kept. */
static inline bool bs_float_fits_single(double number) {
  if (number != number) return true;
  double magnitude = number < 0 ? -number : number;
  // Converting what float32 cannot hold is undefined.
  if (magnitude > 3.4028234663852886e38) return bs_float_to_bits(magnitude) == BS_FLOAT_INFINITY;
  return (double)(float)number == number;
}

/** The bits of float32 of a number that it keeps. */
static inline uint32_t bs_float_to_single_bits(double number) {
  union {
    float number;
    uint32_t bits;
  } view = {.number = (float)number};
  return view.bits;
}

/** The number of the bits of float32. */
static inline double bs_float_from_single_bits(uint32_t bits) {
  union {
    uint32_t bits;
    float number;
  } view = {.bits = bits};
  return view.number;
}

/** The half-precision bits of a number that float32 keeps, or -1 where half precision would lose
 * something. Not for NaN. */
int32_t bs_float_to_half_bits(double number);

/** The number that 16 bits of half precision stand for. */
double bs_float_from_half_bits(uint32_t bits);
