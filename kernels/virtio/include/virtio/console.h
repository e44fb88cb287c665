// A console of the host (virtio 1.2, section 5.3), with its one port.
#pragma once

#include "virtio/queue.h"

enum { CONSOLE_BYTES = 256 };

/** A console. It stays in place, in memory that the device reaches. */
struct console_device {
  struct virtio_device *device;
  struct virtio_queue input;
  struct virtio_queue output;
  bool asked;
  uint32_t received;
  uint32_t taken;
  uint8_t in[CONSOLE_BYTES];
  bool sending;
  uint8_t out[CONSOLE_BYTES];
};

/** Starts a device that `virtio_open` has found; memory of two queues. */
bs_status console_device_start(struct console_device *console, struct virtio_device *device,
                               void *input_memory, void *output_memory);

/** Sends what fits now, up to `bytes`. BS_WOULD_BLOCK while the device is busy with what came
 * before. */
bs_status console_device_write(struct console_device *console, const void *data, size_t bytes,
                               size_t *wrote);

/** Takes what came in, up to `most` bytes. BS_WOULD_BLOCK where nothing did. */
bs_status console_device_read(struct console_device *console, void *out, size_t most, size_t *read);
