// Entropy of the processor.
#include "cpu.h"
#include "kernel/arch.h"

enum { RDRAND_BIT = 1 << 30, TRIES = 10 };

bool arch_random(uint64_t *out) {
  if ((read_cpuid(1, 0).c & RDRAND_BIT) == 0) return false;
  for (unsigned i = 0; i < TRIES; i++) {
    uint8_t good;
    __asm__ volatile("rdrand %0; setc %1" : "=r"(*out), "=qm"(good) : : "cc");
    if (good) return true;
  }
  return false;
}
