// A network interface (virtio 1.2, section 5.1): frames out and in, without offloads.
#pragma once

#include "virtio/queue.h"

enum {
  NETWORK_ADDRESS_BYTES = 6,
  /** An Ethernet frame without its check sequence. */
  NETWORK_FRAME_BYTES = 1514,
  /** What is before a frame in memory: with version 1 always 12 bytes. */
  NETWORK_HEADER_BYTES = 12,
  NETWORK_RECEIVE_BUFFERS = 16,
  NETWORK_SEND_BUFFERS = 16,
};

/** Room for a frame with its header. */
struct network_buffer {
  uint8_t header[NETWORK_HEADER_BYTES];
  uint8_t frame[NETWORK_FRAME_BYTES];
  bool used;
};

/** A network interface. It stays in place, in memory that the device reaches. */
struct network_device {
  struct virtio_device *device;
  struct virtio_queue receive;
  struct virtio_queue send;
  uint8_t address[NETWORK_ADDRESS_BYTES];
  struct network_buffer receive_buffers[NETWORK_RECEIVE_BUFFERS];
  struct network_buffer send_buffers[NETWORK_SEND_BUFFERS];
};

/** Starts a device that `virtio_open` has found; memory of two queues. BS_UNSUPPORTED where the
 * device has no address of its own. */
bs_status network_start(struct network_device *network, struct virtio_device *device,
                        void *receive_memory, void *send_memory);

/** Sends a copy of a frame. BS_RANGE where it is too large, BS_WOULD_BLOCK where all buffers are
 * under way. */
bs_status network_send(struct network_device *network, const void *frame, size_t bytes);

/** Takes a frame that came in into room for NETWORK_FRAME_BYTES. BS_WOULD_BLOCK where there is
 * none. */
bs_status network_receive(struct network_device *network, void *frame, size_t *bytes);
