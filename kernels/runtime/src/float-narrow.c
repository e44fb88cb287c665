// Half precision (IEEE 754 binary16) to and from float64.
#include "float-narrow.h"

int32_t bs_float_to_half_bits(double number) {
  uint32_t bits = bs_float_to_single_bits(number);
  uint32_t sign = bits >> 16 & 0x8000;
  int32_t biased = (int32_t)(bits >> 23 & 0xff);
  uint32_t mantissa = bits & 0x7fffff;
  if (biased == 255) return (int32_t)(sign | 0x7c00);
  if (biased == 0) return mantissa == 0 ? (int32_t)sign : -1;
  int32_t exponent = biased - 127;
  if (exponent > 15 || exponent < -24) return -1;
  if (exponent >= -14) {
    if ((mantissa & 0x1fff) != 0) return -1;
    return (int32_t)(sign | (uint32_t)(exponent + 15) << 10 | mantissa >> 13);
  }
  // Subnormal: the leading one becomes explicit and moves right.
  int32_t shift = 13 + (-14 - exponent);
  uint32_t full = 0x800000 | mantissa;
  return (full & ((1u << shift) - 1)) == 0 ? (int32_t)(sign | full >> shift) : -1;
}

double bs_float_from_half_bits(uint32_t bits) {
  uint64_t sign = (uint64_t)(bits >> 15 & 1) << 63;
  uint32_t exponent = bits >> 10 & 31;
  uint64_t mantissa = bits & 0x3ff;
  double magnitude = (double)mantissa * 0x1p-24;
  if (exponent == 31) {
    magnitude = bs_float_from_bits(mantissa == 0 ? BS_FLOAT_INFINITY : BS_FLOAT_NAN);
  } else if (exponent > 0) {
    uint64_t biased = (uint64_t)exponent + 1023 - 15;
    magnitude = bs_float_from_bits(biased << BS_FLOAT_FRACTION_BITS | mantissa << 42);
  }
  return bs_float_from_bits(bs_float_to_bits(magnitude) | sign);
}
