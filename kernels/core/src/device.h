// What io_open opens. So far that is the console.
#pragma once

#include "object.h"
#include "task.h"

struct device {
  struct object object;
  /** BS_IO_FOR_READ and BS_IO_FOR_WRITE. */
  unsigned flags;
};

void device_release(void *device);

/** Bits of io_events that hold now. */
unsigned device_events(const struct device *device);

/** The next byte that came in on the console, or -1. */
int console_read(void);
