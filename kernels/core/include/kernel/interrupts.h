// Lines of devices, and who is told when one asks.
#pragma once

#include "basalt/status.h"

#include <stdint.h>

/** Called with interrupts off; the line is off and is turned on again when this returns. */
typedef void interrupt_handler(void *context);

/** Takes a line and turns it on. BS_BUSY where somebody has it, BS_NOMEM where no more can be
 * taken, else what `arch_interrupt_enable` says. */
bs_status interrupt_claim(uint32_t line, interrupt_handler *handler, void *context);
