// The table that the shortest text of floats is computed with; tools/powers-of-ten.mjs writes it.
#pragma once

#include "wide-multiply.h"

#define BS_FIRST_POWER (-292)
#define BS_LAST_POWER 324

extern const bs_wide bs_powers_of_ten[BS_LAST_POWER - BS_FIRST_POWER + 1];
