// Setting a device up (virtio 1.2, section 3.1), and its configuration.
#include "registers.h"

/** How often a device is asked again that is not ready or changes under the reader's hands. */
enum { TRIES = 10000 };

bs_status virtio_open(struct virtio_device *device, const struct virtio_bus *bus, void *registers) {
  *device = (struct virtio_device){.bus = bus, .registers = registers};
  if (virtio_read(device, REGISTER_MAGIC) != MAGIC) return BS_NOENT;
  device->kind = virtio_read(device, REGISTER_KIND);
  if (device->kind == 0) return BS_NOENT;
  if (virtio_read(device, REGISTER_VERSION) != VERSION) return BS_UNSUPPORTED;
  virtio_write(device, REGISTER_STATUS, 0);
  for (unsigned i = 0; virtio_read(device, REGISTER_STATUS) != 0; i++) {
    if (i == TRIES) return virtio_break(device);
  }
  virtio_write(device, REGISTER_STATUS, STATUS_ACKNOWLEDGED);
  virtio_write(device, REGISTER_STATUS, STATUS_ACKNOWLEDGED | STATUS_DRIVER);
  return BS_OK;
}

static uint64_t offered_features(const struct virtio_device *device) {
  virtio_write(device, REGISTER_OFFERED_HALF, 1);
  uint64_t upper = virtio_read(device, REGISTER_OFFERED);
  virtio_write(device, REGISTER_OFFERED_HALF, 0);
  return upper << 32 | virtio_read(device, REGISTER_OFFERED);
}

bs_status virtio_negotiate(struct virtio_device *device, uint64_t wanted) {
  uint64_t offered = offered_features(device);
  if ((offered & FEATURE_VERSION_1) == 0) {
    virtio_break(device);
    return BS_UNSUPPORTED;
  }
  device->features = offered & (wanted | FEATURE_VERSION_1);
  virtio_write(device, REGISTER_ACCEPTED_HALF, 1);
  virtio_write(device, REGISTER_ACCEPTED, (uint32_t)(device->features >> 32));
  virtio_write(device, REGISTER_ACCEPTED_HALF, 0);
  virtio_write(device, REGISTER_ACCEPTED, (uint32_t)device->features);
  uint32_t status = STATUS_ACKNOWLEDGED | STATUS_DRIVER | STATUS_FEATURES;
  virtio_write(device, REGISTER_STATUS, status);
  if ((virtio_read(device, REGISTER_STATUS) & STATUS_FEATURES) != 0) return BS_OK;
  virtio_break(device);
  return BS_UNSUPPORTED;
}

void virtio_ready(struct virtio_device *device) {
  uint32_t status = STATUS_ACKNOWLEDGED | STATUS_DRIVER | STATUS_FEATURES | STATUS_READY;
  virtio_write(device, REGISTER_STATUS, status);
}

bs_status virtio_break(struct virtio_device *device) {
  device->broken = true;
  virtio_write(device, REGISTER_STATUS, STATUS_FAILED);
  return BS_IO;
}

uint32_t virtio_setting(const struct virtio_device *device, uint32_t offset, uint32_t bytes) {
  return device->bus->read(device->registers, REGISTER_SETTINGS + offset, bytes);
}

bs_status virtio_wide_setting(const struct virtio_device *device, uint32_t offset,
                              uint64_t *value) {
  for (unsigned i = 0; i < TRIES; i++) {
    uint32_t before = virtio_read(device, REGISTER_GENERATION);
    uint64_t lower = virtio_setting(device, offset, 4);
    *value = lower | (uint64_t)virtio_setting(device, offset + 4, 4) << 32;
    if (virtio_read(device, REGISTER_GENERATION) == before) return BS_OK;
  }
  return BS_IO;
}

bool virtio_acknowledge(const struct virtio_device *device) {
  uint32_t pending = virtio_read(device, REGISTER_INTERRUPT);
  if (pending != 0) virtio_write(device, REGISTER_INTERRUPT_SEEN, pending);
  return pending != 0;
}
