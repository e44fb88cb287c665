// Registers that the distributors of both kinds share (Arm IHI 0069, section 12.9).
#pragma once

#include "cpu.h"
#include "gic.h"

enum {
  GICD_CONTROL = 0x000,
  GICD_TYPE = 0x004,
  GICD_GROUP = 0x080,
  GICD_SET_ENABLE = 0x100,
  GICD_CLEAR_ENABLE = 0x180,
  GICD_PRIORITY = 0x400,
  GICD_TARGET = 0x800,
  GICD_RAISE = 0xf00,
  GICD_ROUTE = 0x6000,
};

/** The priority of all lines, above the mask of each processor. */
#define GIC_PRIORITY 0xa0a0a0a0u

/** The bit of a line in a row of registers with one bit a line. */
static inline void gic_set_bit(void *base, uint32_t row, uint32_t line) {
  write_register(base, row + line / 32 * 4, 1u << line % 32);
}

static inline uint32_t gic_lines(void *distributor) {
  uint32_t lines = ((read_register(distributor, GICD_TYPE) & 31) + 1) * 32;
  return lines < GIC_NO_LINE ? lines : GIC_NO_LINE;
}

/** Shared lines: off, of this priority. */
static inline void gic_quiet_shared(void *distributor) {
  for (uint32_t line = GIC_FIRST_SHARED; line < gic_lines(distributor); line += 32)
    write_register(distributor, GICD_CLEAR_ENABLE + line / 8, UINT32_MAX);
  for (uint32_t line = GIC_FIRST_SHARED; line < gic_lines(distributor); line += 4)
    write_register(distributor, GICD_PRIORITY + line, GIC_PRIORITY);
}
