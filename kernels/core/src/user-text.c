// Checks and copies text of programs.
#include "user-text.h"

#include "user-memory.h"

/** No text of a call is longer. */
enum { TEXT_MAX = 1024 };

/** How many bytes follow a first byte, and the least that the character may be; -1 for none. */
static int following(uint8_t first, uint32_t *bits, uint32_t *least) {
  if (first < 0x80) {
    *bits = first;
    *least = 0;
    return 0;
  }
  if ((first & 0xe0) == 0xc0) {
    *bits = first & 0x1f;
    *least = 0x80;
    return 1;
  }
  if ((first & 0xf0) == 0xe0) {
    *bits = first & 0x0f;
    *least = 0x800;
    return 2;
  }
  *bits = first & 0x07;
  *least = 0x10000;
  return (first & 0xf8) == 0xf0 ? 3 : -1;
}

bool is_utf8(const uint8_t *bytes, size_t count) {
  for (size_t at = 0; at < count;) {
    uint32_t character, least;
    int more = following(bytes[at++], &character, &least);
    if (more < 0 || (size_t)more > count - at) return false;
    for (; more > 0; more--, at++) {
      if ((bytes[at] & 0xc0) != 0x80) return false;
      character = character << 6 | (bytes[at] & 0x3f);
    }
    if (character < least || character > 0x10ffff || (character >= 0xd800 && character < 0xe000))
      return false;
  }
  return true;
}

bool user_is_text(const struct process *process, vaddr address, uint64_t bytes) {
  uint8_t text[TEXT_MAX];
  return bytes <= sizeof(text) && user_read(process, text, address, bytes) == BS_OK &&
         is_utf8(text, bytes);
}

bs_status user_path(const struct process *process, vaddr address, char out[256]) {
  size_t length = 0, part;
  while (length < 256) {
    if (!user_may(process, address + length, 1, ACCESS_READ)) return BS_INVALID;
    const char *bytes = user_part(process, address + length, 256 - length, ACCESS_READ, &part);
    for (size_t i = 0; i < part; i++) {
      out[length] = bytes[i];
      if (out[length++] == 0) return is_utf8((const uint8_t *)out, length - 1) ? BS_OK : BS_CORRUPT;
    }
  }
  return BS_CORRUPT;
}
