// Entropy from the host (virtio 1.2, section 5.4).
#pragma once

#include "virtio/queue.h"

enum { ENTROPY_BYTES = 64 };

/** An entropy device. It stays in place, in memory that the device reaches. */
struct entropy_device {
  struct virtio_device *device;
  struct virtio_queue queue;
  bool asked;
  /** Bytes that came and were not taken, at the end of the buffer. */
  uint32_t ready;
  uint32_t received;
  uint8_t bytes[ENTROPY_BYTES];
};

/** Starts a device that `virtio_open` has found; queue memory as `virtio_queue_start` wants it. */
bs_status entropy_start(struct entropy_device *entropy, struct virtio_device *device,
                        void *queue_memory);

/** Takes up to `most` bytes; each is given once. BS_WOULD_BLOCK while the host is asked for more,
 * BS_IO for a device that is broken. */
bs_status entropy_take(struct entropy_device *entropy, void *out, size_t most, size_t *taken);
