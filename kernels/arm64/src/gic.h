// Arm's interrupt controller, of which there are two kinds. Lines are numbered as it numbers them:
// 0 to 15 between processors, 16 to 31 of one processor, from 32 on shared ones of devices.
#pragma once

#include "kernel/arch.h"

enum {
  GIC_FIRST_SHARED = 32,
  /** Numbers from here on mean that no line asks. */
  GIC_NO_LINE = 1020,
  GIC_LINE = 0x3ff,
};

/** One kind of controller. */
struct gic {
  /** Sets up what all processors share. */
  void (*start)(void);
  /** Sets up what the calling processor has of its own; BS_NOENT where it is not found. */
  bs_status (*start_cpu)(void);
  void (*enable)(uint32_t line);
  void (*disable)(uint32_t line);
  /** Takes the line that asks and has the highest priority. The number may carry more above its
   * lowest 10 bits (GIC_LINE), which `done` wants back. */
  uint32_t (*take)(void);
  /** Says that the line was seen; it may ask again. */
  void (*done)(uint32_t taken);
  /** Raises a line below 16 at another processor. */
  void (*notify)(unsigned cpu, uint32_t line);
  /** Lines from here on are not there. */
  uint32_t (*lines)(void);
};

extern const struct gic gic_v2, gic_v3;
