// The 128-bit product of two 64-bit numbers, from 32-bit halves: wasm32 has no instruction for it
// and the compiler would call a library that a freestanding program does not have.
#pragma once

#include <stdint.h>

typedef struct {
  uint64_t high;
  uint64_t low;
} bs_wide;

static inline bs_wide bs_wide_multiply(uint64_t a, uint64_t b) {
  uint64_t a_low = (uint32_t)a;
  uint64_t a_high = a >> 32;
  uint64_t b_low = (uint32_t)b;
  uint64_t b_high = b >> 32;
  uint64_t low = a_low * b_low;
  uint64_t middle = a_high * b_low + (low >> 32);
  uint64_t other = a_low * b_high + (uint32_t)middle;
  bs_wide product = {a_high * b_high + (middle >> 32) + (other >> 32), other << 32 | (uint32_t)low};
  return product;
}
