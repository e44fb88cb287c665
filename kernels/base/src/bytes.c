// The four functions that compilers call by themselves, and that kernels/runtime expects of its
// host.
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);

/** A word at any address, that may alias others. */
typedef uint64_t __attribute__((may_alias, aligned(1))) word;

void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
  uint8_t *target = to;
  const uint8_t *source = from;
  for (; bytes >= sizeof(word); bytes -= sizeof(word)) {
    *(word *)target = *(const word *)source;
    target += sizeof(word);
    source += sizeof(word);
  }
  while (bytes-- > 0)
    *target++ = *source++;
  return to;
}

void *memmove(void *to, const void *from, size_t bytes) {
  uint8_t *target = to;
  const uint8_t *source = from;
  if ((uintptr_t)to - (uintptr_t)from >= bytes) return memcpy(to, from, bytes);
  while (bytes-- > 0)
    target[bytes] = source[bytes];
  return to;
}

void *memset(void *to, int byte, size_t bytes) {
  uint8_t *target = to;
  uint64_t pattern = (uint8_t)byte * UINT64_C(0x0101010101010101);
  for (; bytes >= sizeof(word); bytes -= sizeof(word)) {
    *(word *)target = pattern;
    target += sizeof(word);
  }
  while (bytes-- > 0)
    *target++ = (uint8_t)byte;
  return to;
}

int memcmp(const void *a, const void *b, size_t bytes) {
  const uint8_t *left = a, *right = b;
  for (size_t i = 0; i < bytes; i++)
    if (left[i] != right[i]) return left[i] - right[i];
  return 0;
}
