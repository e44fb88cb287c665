// Frames of RAM, taken and given one by one or in runs.
#pragma once

#include "kernel/entry.h"

/** Learns from the boot records what is free; BS_NOMEM when there is no RAM for its own map. */
bs_status frames_start(const struct boot_info *boot);

/** How many frames are free. */
size_t frames_free(void);

/** How many frames the allocator has at all. */
size_t frames_total(void);
