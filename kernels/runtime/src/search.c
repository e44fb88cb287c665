// The two-way algorithm (Crochemore and Perrin, "Two-way string-matching", 1991). The needle is cut
// where the period of what lies around the cut is that of the whole needle; its right part is
// compared first, and how far that goes says how far the needle can be moved.
#include "search.h"

#include <stdbool.h>

#include "memory.h"

/** Where a needle is cut: its left part ends before `cut`; and a period of its right part. */
typedef struct {
  size_t cut;
  size_t period;
} factors;

/** The greatest suffix in one of the two orders of bytes. */
static factors greatest_suffix(const uint8_t *needle, size_t length, bool reversed) {
  size_t start = 0;
  size_t candidate = 1;
  size_t offset = 0;
  size_t period = 1;
  while (candidate + offset < length) {
    uint8_t a = needle[candidate + offset];
    uint8_t b = needle[start + offset];
    if (a == b) {
      if (offset + 1 == period) {
        candidate += period;
        offset = 0;
      } else {
        offset++;
      }
    } else if (reversed ? a > b : a < b) {
      candidate += offset + 1;
      offset = 0;
      period = candidate - start;
    } else {
      start = candidate++;
      offset = 0;
      period = 1;
    }
  }
  return (factors){start, period};
}

static factors cut_needle(const uint8_t *needle, size_t length) {
  factors one = greatest_suffix(needle, length, false);
  factors other = greatest_suffix(needle, length, true);
  return one.cut > other.cut ? one : other;
}

size_t bs_search(const uint8_t *in, size_t bytes, const uint8_t *needle, size_t length) {
  if (length == 0) return 0;
  if (length > bytes) return BS_NOT_FOUND;
  factors f = cut_needle(needle, length);
  // Where the left part has the period too, what matched of it before need not be compared again.
  bool periodic = f.cut + f.period <= length && bs_compare(needle, needle + f.period, f.cut) == 0;
  size_t rest = length - f.cut;
  size_t shift = periodic ? f.period : (f.cut > rest ? f.cut : rest) + 1;
  size_t known = 0;
  for (size_t at = 0; at <= bytes - length;) {
    size_t i = known > f.cut ? known : f.cut;
    while (i < length && needle[i] == in[at + i])
      i++;
    if (i < length) {
      at += i - f.cut + 1;
      known = 0;
      continue;
    }
    i = f.cut;
    while (i > known && needle[i - 1] == in[at + i - 1])
      i--;
    if (i <= known) return at;
    at += shift;
    known = periodic ? length - f.period : 0;
  }
  return BS_NOT_FOUND;
}
