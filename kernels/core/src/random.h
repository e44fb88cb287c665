// Random bytes for programs.
#pragma once

#include <stdbool.h>
#include <stddef.h>

/** Gathers entropy from the processor or the boot loader, and from the host's device. */
void random_start(void);

/** Whether somebody has given entropy enough. */
bool random_is_seeded(void);

/** Fills memory; false where it is not seeded. */
bool random_fill(void *out, size_t bytes);
