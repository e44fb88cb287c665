// Looking for bytes in bytes.
#pragma once

#include <basalt/text.h>

/** The offset of the first occurrence of a needle, or BS_NOT_FOUND; an empty one is at 0. O(bytes +
 * length) whatever both are, without memory. */
size_t bs_search(const uint8_t *in, size_t bytes, const uint8_t *needle, size_t length);
