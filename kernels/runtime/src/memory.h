// Copying and comparing memory. The compiler may turn these into calls of memcpy and memcmp, which
// every program that links the runtime provides, as the C standard asks of a freestanding one.
#pragma once

#include <stddef.h>
#include <stdint.h>

static inline void bs_copy(void *to, const void *from, size_t bytes) {
  if (bytes > 0) __builtin_memcpy(to, from, bytes);
}

static inline int bs_compare(const void *a, const void *b, size_t bytes) {
  return bytes > 0 ? __builtin_memcmp(a, b, bytes) : 0;
}
