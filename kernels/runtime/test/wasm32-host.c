// What the runtime needs of its host in WebAssembly, for the self-test: memory functions, the
// product of 128 bits, and an arena. The lines go to an imported function.
#include <basalt/self-test.h>
#include <stdint.h>

__attribute__((import_module("host"), import_name("line"))) void host_line(const char *line,
                                                                           size_t length);
__attribute__((export_name("selftest"))) size_t selftest(void);

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);
__int128 __multi3(__int128 a, __int128 b);

void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
  return memmove(to, from, bytes);
}

// With -fno-builtin, so that these loops are not made calls of themselves.
void *memmove(void *to, const void *from, size_t bytes) {
  unsigned char *target = to;
  const unsigned char *source = from;
  if ((uintptr_t)target <= (uintptr_t)source) {
    for (size_t i = 0; i < bytes; i++)
      target[i] = source[i];
  } else {
    for (size_t i = bytes; i > 0; i--)
      target[i - 1] = source[i - 1];
  }
  return to;
}

void *memset(void *to, int byte, size_t bytes) {
  unsigned char *target = to;
  for (size_t i = 0; i < bytes; i++)
    target[i] = (unsigned char)byte;
  return to;
}

int memcmp(const void *a, const void *b, size_t bytes) {
  const unsigned char *left = a;
  const unsigned char *right = b;
  for (size_t i = 0; i < bytes; i++) {
    if (left[i] != right[i]) return left[i] < right[i] ? -1 : 1;
  }
  return 0;
}

/** The product of two words as 128 bits. */
static unsigned __int128 wide_product(uint64_t a, uint64_t b) {
  uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
  uint64_t middle = (a >> 32) * (b & UINT32_MAX) + (low >> 32);
  uint64_t other = (a & UINT32_MAX) * (b >> 32) + (middle & UINT32_MAX);
  uint64_t high = (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
  return (unsigned __int128)high << 64 | (other << 32 | (low & UINT32_MAX));
}

__int128 __multi3(__int128 a, __int128 b) {
  uint64_t crossed = (uint64_t)(a >> 64) * (uint64_t)b + (uint64_t)a * (uint64_t)(b >> 64);
  return (__int128)(wide_product((uint64_t)a, (uint64_t)b) + ((unsigned __int128)crossed << 64));
}

static void report(void *context, const char *line, size_t length) {
  (void)context;
  host_line(line, length);
}

size_t selftest(void) {
  static _Alignas(16) unsigned char arena[BS_SELFTEST_BYTES];
  return bs_selftest(arena, sizeof arena, report, NULL);
}
