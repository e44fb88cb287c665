// Frames of RAM, taken and given one by one or in runs.
#pragma once

#include "kernel/entry.h"

/** Learns from the boot records what is free; BS_NOMEM when there is no RAM for its own map. */
bs_status frames_start(const struct boot_info *boot);

/** Takes `count` frames in a row, all zeros; false when there is no such run. */
bool frames_take_run(size_t count, paddr *out);

/** Gives back a run, or a part of one. */
void frames_give_run(paddr start, size_t count);

/** How many frames are free. */
size_t frames_free(void);

/** How many frames the allocator has at all. */
size_t frames_total(void);
