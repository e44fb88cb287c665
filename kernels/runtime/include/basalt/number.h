// Numbers: integers of any size, whose word is a small integer wherever it fits, and float64.
#pragma once

#include <basalt/heap.h>

/** A float64 in a cell of its own, also where it is whole. */
bs_status bs_float_new(bs_heap *heap, double number, bs_value *out);

/** The number of a float. */
double bs_float_get(bs_value value);

/** Whether the value is an integer of any size. */
bool bs_is_integer(bs_value value);

/** The integer of 64 bits. */
bs_status bs_integer_new(bs_heap *heap, int64_t number, bs_value *out);

/** The integer through `out`; false, and no result, where it does not fit. */
bool bs_integer_to_int64(bs_value integer, int64_t *out);

/** An integer of a magnitude in big-endian bytes; leading zeros are allowed. */
bs_status bs_integer_from_bytes(bs_heap *heap, bool negative, const uint8_t *bytes, size_t length,
                                bs_value *out);

/** Bytes of the magnitude without leading zeros; 0 for zero. */
size_t bs_integer_byte_length(bs_value integer);

/** Writes the magnitude as bs_integer_byte_length big-endian bytes. */
void bs_integer_to_bytes(bs_value integer, uint8_t *out);

/** Whether it is less than zero. */
bool bs_integer_is_negative(bs_value integer);

/** Negative, zero or positive as a is less than, equal to or greater than b. */
int bs_integer_compare(bs_value a, bs_value b);

/** a + b. */
bs_status bs_integer_add(bs_heap *heap, bs_value a, bs_value b, bs_value *out);

/** a - b. */
bs_status bs_integer_subtract(bs_heap *heap, bs_value a, bs_value b, bs_value *out);

/** a * b, in time proportional to the product of their sizes. */
bs_status bs_integer_multiply(bs_heap *heap, bs_value a, bs_value b, bs_value *out);

/** The quotient rounded down, and the remainder, which has the sign of b: a = q * b + r. BS_RANGE
 * where b is zero. */
bs_status bs_integer_divide(bs_heap *heap, bs_value a, bs_value b, bs_value *quotient,
                            bs_value *remainder);

/** a * 2^bits. BS_NOMEM also where the result is too large for any heap. */
bs_status bs_integer_shift_left(bs_heap *heap, bs_value a, size_t bits, bs_value *out);

/** a / 2^bits, rounded down. */
bs_status bs_integer_shift_right(bs_heap *heap, bs_value a, size_t bits, bs_value *out);

/** The text of an integer in base 2 to 36 with lower-case digits. BS_RANGE for another base. Time
 * proportional to the square of the size. */
bs_status bs_integer_format(bs_heap *heap, bs_value integer, int base, bs_value *text);

/** Reads [+|-]digits in base 2 to 36, letters of either case. BS_INVALID for other text, BS_RANGE
 * for another base. Time proportional to the square of the length. */
bs_status bs_integer_parse(bs_heap *heap, const char *text, size_t length, int base, bs_value *out);
