// Tells AddressSanitizer which memory of the arena is no cell's, so that a hosted test that touches
// it fails at once. Without the sanitizer these do nothing.
#pragma once

#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BS_POISONING 1
void __asan_poison_memory_region(void const volatile *start, size_t bytes);
void __asan_unpoison_memory_region(void const volatile *start, size_t bytes);
#endif
#endif

static inline void bs_poison(void *start, size_t bytes) {
#ifdef BS_POISONING
  __asan_poison_memory_region(start, bytes);
#else
  (void)start;
  (void)bytes;
#endif
}

static inline void bs_unpoison(void *start, size_t bytes) {
#ifdef BS_POISONING
  __asan_unpoison_memory_region(start, bytes);
#else
  (void)start;
  (void)bytes;
#endif
}
