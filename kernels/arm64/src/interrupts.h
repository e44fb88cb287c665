// Interrupts, for the other files of the architecture.
#pragma once

#include <stdint.h>

/** Sets up the part of the controller that the calling processor has of its own. */
void interrupts_start_cpu(void);

/** Turns on a line of the calling processor alone. */
void interrupts_enable_own(uint32_t line);
