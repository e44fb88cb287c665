// Entropy: the processor's own (FEAT_RNG), else what the boot loader gave, each word of it once.
#include "cpu.h"
#include "kernel/arch.h"
#include "machine.h"

static bool has_generator(void) {
  return (READ_SYSTEM(id_aa64isar0_el1) >> 60 & 0xf) != 0;
}

bool arch_random(uint64_t *out) {
  static uint32_t used;
  if (has_generator()) {
    uint64_t failed;
    // RNDR, which older assemblers do not know by name.
    __asm__ volatile("mrs %0, s3_3_c2_c4_0; cset %1, eq" : "=r"(*out), "=r"(failed) : : "cc");
    return failed == 0;
  }
  uint32_t at = __atomic_fetch_add(&used, sizeof *out, __ATOMIC_RELAXED);
  if (at + sizeof *out > machine_board.seed_length) return false;
  *out = 0;
  for (uint32_t i = 0; i < sizeof *out; i++)
    *out = *out << 8 | machine_board.seed[at + i];
  return true;
}
