// A disk (virtio 1.2, section 5.2).
#pragma once

#include "virtio/queue.h"

enum { BLOCK_SECTOR_BYTES = 512 };

/** What is asked of a disk. */
enum block_operation { BLOCK_READ, BLOCK_WRITE, BLOCK_FLUSH };

/** A request. It belongs to the caller and stays in place until it is done, in memory that the
 * device reaches, as do the data. */
struct block_request {
  enum block_operation operation;
  uint64_t sector;
  void *data;
  /** A multiple of BLOCK_SECTOR_BYTES; 0 for a flush. */
  uint32_t bytes;
  /** BS_BUSY until it is done; then BS_OK, BS_IO, or BS_UNSUPPORTED. */
  bs_status status;
  /** Called when it is done; may be NULL. */
  void (*done)(struct block_request *request);
  /** What the device reads and writes beside the data. */
  struct {
    uint32_t type;
    uint32_t reserved;
    uint64_t sector;
  } header;
  uint8_t answer;
};

/** A disk. It stays in place. */
struct block_device {
  struct virtio_device *device;
  struct virtio_queue queue;
  uint64_t sectors;
  bool read_only;
  bool can_flush;
};

/** Starts a device that `virtio_open` has found. */
bs_status block_start(struct block_device *block, struct virtio_device *device, void *queue_memory);

/** Gives the disk a request. BS_RANGE beyond its end, BS_INVALID for a size that is no number of
 * sectors, BS_PERMISSION for a write to a disk that is only read, BS_WOULD_BLOCK when too many are
 * under way. */
bs_status block_submit(struct block_device *block, struct block_request *request);

/** Ends the requests that the device is done with; BS_IO, and all that are under way never end,
 * when it is broken. After each interrupt. */
bs_status block_poll(struct block_device *block);
