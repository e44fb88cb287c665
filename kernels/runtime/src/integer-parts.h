// Integers as sign and magnitude, whatever they are stored as.
#pragma once

#include <basalt/number.h>

#include "value-cells.h"

/** A view of an integer; that of a small one lives in `small`. Do not copy it. */
typedef struct {
  const bs_limb *limbs;
  size_t count;
  bool negative;
  bs_limb small[2];
} bs_integer_parts;

/** Looks at an integer. */
void bs_integer_open(bs_value integer, bs_integer_parts *parts);

/** An unfinished integer with room for so many limbs; NULL without memory. */
bs_integer_cell *bs_integer_reserve(bs_heap *heap, size_t limbs);

/** The value of a magnitude that was written into a reserved integer, which it takes over: a word
 * where it fits. */
bs_value bs_integer_close(bs_heap *heap, bs_integer_cell *cell, bool negative);
