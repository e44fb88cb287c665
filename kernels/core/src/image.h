// The files that the machine's disk brings along: an image that was read whole and checked while
// booting, so that reading a file never waits and what it holds is what was written.
#pragma once

#include "kernel/address.h"

#include <image/files.h>

/** Reads the image from the disk, where there is one, and says what it found. */
void image_load(void);

/** The files of the image; none where there is no image. */
const struct image_files *image_of_disk(void);

/** Finds what is at a path that ends with a zero, as `image_find` does. */
bs_status image_find_path(const char *path, uint32_t *entry);

/** The contents of a file of the image. */
const uint8_t *image_contents(const struct image_entry *entry);
