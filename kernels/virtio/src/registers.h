// Registers and bits of the transport (virtio 1.2, sections 2.1, 4.2.2 and 6).
#pragma once

#include "virtio/device.h"

enum {
  REGISTER_MAGIC = 0x000,
  REGISTER_VERSION = 0x004,
  REGISTER_KIND = 0x008,
  REGISTER_OFFERED = 0x010,
  REGISTER_OFFERED_HALF = 0x014,
  REGISTER_ACCEPTED = 0x020,
  REGISTER_ACCEPTED_HALF = 0x024,
  REGISTER_QUEUE = 0x030,
  REGISTER_QUEUE_MOST = 0x034,
  REGISTER_QUEUE_ENTRIES = 0x038,
  REGISTER_QUEUE_READY = 0x044,
  REGISTER_QUEUE_NOTIFY = 0x050,
  REGISTER_INTERRUPT = 0x060,
  REGISTER_INTERRUPT_SEEN = 0x064,
  REGISTER_STATUS = 0x070,
  REGISTER_DESCRIPTORS = 0x080,
  REGISTER_AVAILABLE = 0x090,
  REGISTER_USED = 0x0a0,
  REGISTER_GENERATION = 0x0fc,
  REGISTER_SETTINGS = 0x100,
  MAGIC = 0x74726976,
  VERSION = 2,
};

enum {
  STATUS_ACKNOWLEDGED = 1,
  STATUS_DRIVER = 2,
  STATUS_READY = 4,
  STATUS_FEATURES = 8,
  STATUS_FAILED = 128,
};

/** VIRTIO_F_VERSION_1. */
#define FEATURE_VERSION_1 (UINT64_C(1) << 32)

static inline uint32_t virtio_read(const struct virtio_device *device, uint32_t offset) {
  return device->bus->read(device->registers, offset, 4);
}

static inline void virtio_write(const struct virtio_device *device, uint32_t offset,
                                uint32_t value) {
  device->bus->write(device->registers, offset, value);
}
