// A virtio device behind registers in memory, version 2 (virtio 1.2, section 4.2). The device is
// not trusted: whatever it says, the driver stays within the memory that it was given.
#pragma once

#include "basalt/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** How a driver reaches its device: the kernel's way, or one that a test gives. */
struct virtio_bus {
  /** Reads or writes a register of 1, 2 or 4 bytes at an offset. Accesses are not reordered, and
   * what was written to memory before is seen by the device. */
  uint32_t (*read)(void *registers, uint32_t offset, uint32_t bytes);
  void (*write)(void *registers, uint32_t offset, uint32_t value);
  /** Where the device finds memory of the driver. */
  uint64_t (*physical)(const void *memory);
};

/** What a device is (virtio 1.2, section 5). */
enum virtio_kind {
  VIRTIO_NETWORK = 1,
  VIRTIO_BLOCK = 2,
  VIRTIO_CONSOLE = 3,
  VIRTIO_ENTROPY = 4,
};

/** A device. It stays in place while it is used; all fields are its functions'. */
struct virtio_device {
  const struct virtio_bus *bus;
  void *registers;
  uint32_t kind;
  uint64_t features;
  /** It broke a rule, or could not be set up: it is not used any more. */
  bool broken;
};

/** Looks at a device and resets it. BS_NOENT where there is none at these registers, BS_UNSUPPORTED
 * for another version, BS_IO where the reset does not end. */
bs_status virtio_open(struct virtio_device *device, const struct virtio_bus *bus, void *registers);

/** Agrees on those of the wanted features that the device offers; without VIRTIO_F_VERSION_1 it is
 * BS_UNSUPPORTED. Queues are started next, then `virtio_ready`. */
bs_status virtio_negotiate(struct virtio_device *device, uint64_t wanted);

/** All queues are there: the device may begin. */
void virtio_ready(struct virtio_device *device);

/** Gives the device up after it broke a rule; returns BS_IO. */
bs_status virtio_break(struct virtio_device *device);

/** The value of 1, 2 or 4 bytes at an offset of the device's configuration. */
uint32_t virtio_setting(const struct virtio_device *device, uint32_t offset, uint32_t bytes);

/** The value of 8 bytes, both halves of one time. BS_IO where it never stays the same. */
bs_status virtio_wide_setting(const struct virtio_device *device, uint32_t offset, uint64_t *value);

/** Takes note of an interrupt; whether the device wanted something. */
bool virtio_acknowledge(const struct virtio_device *device);
