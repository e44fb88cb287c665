// Processors beside the one that boots.
#pragma once

#include "basalt/status.h"

#include <stdbool.h>
#include <stdint.h>

/** Starts a processor on a stack of its own, below which a page is absent. BS_BUSY where it was
 * started before, BS_NOMEM without memory for the stack, else what `arch_cpu_start` says. */
bs_status processor_start(unsigned cpu);

/** How many processors were started, with the one that booted. */
unsigned processor_count(void);

/** Whether a processor has come as far as core's code. */
bool processor_is_online(unsigned cpu);

/** How often an interrupt has woken a processor that had nothing to do. */
uint64_t processor_wakes(unsigned cpu);
