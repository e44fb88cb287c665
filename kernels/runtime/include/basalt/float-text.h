// float64 as text and back: the shortest decimal that reads back as the same number, and reading
// with correct rounding for input of any length. Nothing is allocated.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Room for the longest text of bs_float_format, in bytes: "-0.0000012345678901234567". */
#define BS_FLOAT_TEXT_BYTES 32

/** A positive finite number as digits * 10^exponent; digits has no trailing zero. */
typedef struct {
  uint64_t digits;
  int exponent;
} bs_decimal;

/** The shortest decimal that rounds to `number`, and of these the nearest. number > 0 and finite.
 */
bs_decimal bs_float_shortest(double number);

/** Writes the text that ECMA-262 (Number::toString, base 10) defines, except that -0 is "-0";
 * returns its length. There is no terminating zero. */
size_t bs_float_format(double number, char out[BS_FLOAT_TEXT_BYTES]);

/** Reads [-]digits[.digits][(e|E)[+|-]digits], "NaN", "Infinity" or "-Infinity", rounded to the
 * nearest, ties to even; beyond the range it is an infinity or a zero. False, and no result, for
 * other text. O(length). */
bool bs_float_parse(const char *text, size_t length, double *out);
