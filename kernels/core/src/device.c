// The console as a device: one byte is looked ahead, so that io_poll can tell whether there is one.
#include "device.h"

static int ahead = -1;

int console_read(void) {
  int byte = ahead >= 0 ? ahead : arch_console_read();
  ahead = -1;
  return byte;
}

static bool console_has_input(void) {
  if (ahead < 0) ahead = arch_console_read();
  return ahead >= 0;
}

unsigned device_events(const struct device *device) {
  unsigned events = 0;
  if (device->file != NULL) return (device->flags & BS_IO_FOR_READ) != 0 ? BS_IO_READABLE : 0u;
  if ((device->flags & BS_IO_FOR_READ) != 0 && console_has_input()) events |= BS_IO_READABLE;
  if ((device->flags & BS_IO_FOR_WRITE) != 0) events |= BS_IO_WRITABLE;
  return events;
}

void device_release(void *device) {
  if (object_released(device)) object_give(device);
}
