// The parts of an IEEE 754 binary64 number and of its shorter forms.
#pragma once

#include <stdint.h>

#define BS_FLOAT_FRACTION_BITS 52
#define BS_FLOAT_FRACTION 0x000fffffffffffffull
#define BS_FLOAT_HIDDEN 0x0010000000000000ull
#define BS_FLOAT_INFINITY 0x7ff0000000000000ull
#define BS_FLOAT_NAN 0x7ff8000000000000ull
/** A number is its 53-bit significand times 2 to the power of its biased exponent less this. */
#define BS_FLOAT_SCALE 1075

static inline uint64_t bs_float_to_bits(double number) {
  union {
    double number;
    uint64_t bits;
  } view = {.number = number};
  return view.bits;
}

static inline double bs_float_from_bits(uint64_t bits) {
  union {
    uint64_t bits;
    double number;
  } view = {.bits = bits};
  return view.number;
}
