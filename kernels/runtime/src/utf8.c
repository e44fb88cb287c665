// Well-formed UTF-8 by the table of RFC 3629, section 4.
#include <basalt/text.h>

/** Bytes of the code point at the start, or 0 where it is not well-formed. */
static size_t point_length(const uint8_t *bytes, size_t left) {
  uint8_t first = bytes[0];
  if (first < 0x80) return 1;
  size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4 || left < length) return 0;
  // The second byte rules out forms that are too long, surrogates, and what is above U+10FFFF.
  uint8_t least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  uint8_t most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (bytes[1] < least || bytes[1] > most) return 0;
  for (size_t i = 2; i < length; i++) {
    if ((bytes[i] & 0xc0) != 0x80) return 0;
  }
  return length;
}

bool bs_utf8_check(const char *bytes, size_t length, size_t *points) {
  size_t count = 0;
  for (size_t at = 0; at < length; count++) {
    size_t step = point_length((const uint8_t *)bytes + at, length - at);
    if (step == 0) return false;
    at += step;
  }
  if (points != NULL) *points = count;
  return true;
}
