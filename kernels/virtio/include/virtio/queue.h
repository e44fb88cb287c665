// A queue of requests to a device (virtio 1.2, section 2.7: split virtqueues). A request is a chain
// of buffers that the device reads and then of such that it writes.
#pragma once

#include "virtio/device.h"

enum {
  /** Requests at once: so many that all of a queue fits a page. */
  VIRTIO_QUEUE_ENTRIES = 128,
  /** Memory of a queue, aligned to this. */
  VIRTIO_QUEUE_BYTES = 4096,
  /** Buffers of one request. */
  VIRTIO_CHAIN_MAX = 8,
};

/** A buffer of a request. It and what it points at stay until the request is done. */
struct virtio_buffer {
  void *data;
  uint32_t bytes;
  bool device_writes;
};

/** A queue. `links` and `requests` are the driver's own notes: what the device may overwrite is
 * never believed. */
struct virtio_queue {
  struct virtio_device *device;
  uint16_t index;
  uint16_t entries;
  uint16_t free_head;
  uint16_t free_count;
  uint16_t given;
  uint16_t seen;
  uint8_t *memory;
  uint16_t links[VIRTIO_QUEUE_ENTRIES];
  struct {
    void *owner;
    uint32_t writable;
    uint16_t length;
  } requests[VIRTIO_QUEUE_ENTRIES];
};

/** Starts queue `index` of a device in memory of VIRTIO_QUEUE_BYTES, which is cleared. BS_NOENT
 * where the device has no such queue. */
bs_status virtio_queue_start(struct virtio_queue *queue, struct virtio_device *device,
                             uint16_t index, void *memory);

/** Gives the device a request, the buffers that it reads first. `owner` comes back with the answer,
 * and is not NULL. BS_WOULD_BLOCK where there is no room now, BS_INVALID for a chain that no queue
 * takes, BS_IO for a device that is broken. */
bs_status virtio_queue_give(struct virtio_queue *queue, const struct virtio_buffer *buffers,
                            size_t count, void *owner);

/** Tells the device of what it was given. */
void virtio_queue_notify(const struct virtio_queue *queue);

/** Takes the next request that is done, and how many bytes the device says it wrote: never more
 * than there was room for. BS_WOULD_BLOCK where none is done; BS_IO, and the device is given up,
 * where it answers what nobody asked. */
bs_status virtio_queue_take(struct virtio_queue *queue, void **owner, uint32_t *written);
