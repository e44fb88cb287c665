// What io_open opens: the console, or a file of the image.
#pragma once

#include "object.h"
#include "task.h"

struct image_entry;

struct device {
  struct object object;
  /** BS_IO_FOR_READ and BS_IO_FOR_WRITE. */
  unsigned flags;
  /** The file, or NULL for the console; and where the next read begins. */
  const struct image_entry *file;
  uint64_t position;
};

void device_release(void *device);

/** Bits of io_events that hold now. */
unsigned device_events(const struct device *device);

/** The next byte that came in on the console, or -1. */
int console_read(void);
