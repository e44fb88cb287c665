// A value in one 64-bit word: a small integer, a singleton, or the address of a cell of the heap.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * A tagged word. Low three bits: 000 the address of a cell, 001 an integer of 61 bits, 010 a
 * singleton. The word 0 is no value: a slot that was not filled yet, or the result of a failure.
 */
typedef uint64_t bs_value;

/** No value at all; retaining and releasing it does nothing. */
#define BS_NONE ((bs_value)0)
#define BS_NULL ((bs_value)0x02)
#define BS_FALSE ((bs_value)0x0a)
#define BS_TRUE ((bs_value)0x12)

/** The integers that fit into the word itself. */
#define BS_SMALL_MIN (-((int64_t)1 << 60))
#define BS_SMALL_MAX (((int64_t)1 << 60) - 1)

/** Whether the word is the address of a cell. */
static inline bool bs_is_cell(bs_value value) {
  return value != 0 && (value & 7) == 0;
}

/** Whether the word is a small integer. */
static inline bool bs_is_small(bs_value value) {
  return (value & 7) == 1;
}

/** Whether an integer fits into the word itself. */
static inline bool bs_fits_small(int64_t number) {
  return number >= BS_SMALL_MIN && number <= BS_SMALL_MAX;
}

/** The word of an integer from BS_SMALL_MIN to BS_SMALL_MAX. */
static inline bs_value bs_from_small(int64_t number) {
  return ((uint64_t)number << 3) | 1;
}

/** The integer in the word of a small integer. */
static inline int64_t bs_to_small(bs_value value) {
  return (int64_t)value >> 3;
}

/** The word of a truth value. */
static inline bs_value bs_from_bool(bool truth) {
  return truth ? BS_TRUE : BS_FALSE;
}
