// Starts virtio devices, each in frames of its own: what the device reads and writes is in no frame
// with anything else.
#include "kernel/devices.h"

#include "kernel/entry.h"
#include "kernel/frames.h"
#include "kernel/interrupts.h"
#include "kernel/log.h"

enum { KINDS = VIRTIO_ENTROPY + 1, QUEUES = 2 };

/** A driver that was started, by the kind of its device. */
static struct {
  struct virtio_device device;
  void *driver;
} started[KINDS];

static uint64_t interrupts;
static void (*on_frames)(void);

static uint32_t read_bus(void *registers, uint32_t offset, uint32_t bytes) {
  volatile uint8_t *at = (volatile uint8_t *)registers + offset;
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  uint32_t value = bytes == 1   ? *at
                   : bytes == 2 ? *(volatile uint16_t *)at
                                : *(volatile uint32_t *)at;
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  return value;
}

static void write_bus(void *registers, uint32_t offset, uint32_t value) {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  *(volatile uint32_t *)((uint8_t *)registers + offset) = value;
}

static const struct virtio_bus bus = {read_bus, write_bus, arch_physical};

static void take_interrupt(void *context) {
  struct virtio_device *device = context;
  if (virtio_acknowledge(device)) interrupts++;
  // Requests to the disk end here; the others are asked by who uses them.
  if (device->kind == VIRTIO_BLOCK) block_poll(started[VIRTIO_BLOCK].driver);
  if (device->kind == VIRTIO_NETWORK && on_frames != NULL) on_frames();
}

/** Frames for two queues and a driver behind them. */
static bs_status take_memory(size_t driver_bytes, uint8_t **out) {
  paddr start;
  size_t bytes = QUEUES * VIRTIO_QUEUE_BYTES + driver_bytes;
  if (!frames_take_run((bytes + PAGE_BYTES - 1) / PAGE_BYTES, &start)) return BS_NOMEM;
  *out = arch_direct(start);
  return BS_OK;
}

static size_t driver_bytes(uint32_t kind) {
  static const size_t bytes[KINDS] = {
      [VIRTIO_NETWORK] = sizeof(struct network_device),
      [VIRTIO_BLOCK] = sizeof(struct block_device),
      [VIRTIO_CONSOLE] = sizeof(struct console_device),
      [VIRTIO_ENTROPY] = sizeof(struct entropy_device),
  };
  return bytes[kind];
}

static bs_status start_driver(struct virtio_device *device, uint8_t *memory) {
  uint8_t *second = memory + VIRTIO_QUEUE_BYTES;
  void *driver = memory + QUEUES * VIRTIO_QUEUE_BYTES;
  started[device->kind].driver = driver;
  switch (device->kind) {
  case VIRTIO_NETWORK:
    return network_start(driver, device, memory, second);
  case VIRTIO_BLOCK:
    return block_start(driver, device, memory);
  case VIRTIO_CONSOLE:
    return console_device_start(driver, device, memory, second);
  default:
    return entropy_start(driver, device, memory);
  }
}

static bs_status start(struct virtio_device found, const struct boot_device *boot) {
  struct virtio_device *device = &started[found.kind].device;
  uint8_t *memory;
  bs_status status = take_memory(driver_bytes(found.kind), &memory);
  if (status != BS_OK) return status;
  *device = found;
  status = interrupt_claim(boot->interrupt, take_interrupt, device);
  if (status == BS_OK) status = start_driver(device, memory);
  // A device that was told of the memory may still write there: it is not given back.
  if (status != BS_OK) started[found.kind].driver = NULL;
  return status;
}

static bool is_first_of_kind(const struct virtio_device *device) {
  return device->kind < KINDS && driver_bytes(device->kind) != 0 &&
         started[device->kind].driver == NULL;
}

void devices_start(const struct boot_info *boot) {
  static const char *const names[KINDS] = {
      [VIRTIO_NETWORK] = "network",
      [VIRTIO_BLOCK] = "block",
      [VIRTIO_CONSOLE] = "console",
      [VIRTIO_ENTROPY] = "entropy",
  };
  for (uint32_t i = 0; i < boot->device_count; i++) {
    const struct boot_device *each = &boot->devices[i];
    struct virtio_device device;
    bs_status status = virtio_open(&device, &bus, arch_direct(each->registers));
    if (status == BS_NOENT || (status == BS_OK && !is_first_of_kind(&device))) continue;
    if (status == BS_OK) status = start(device, each);
    const char *name = device.kind < KINDS ? names[device.kind] : NULL;
    log_stage("device", "%s at 0x%llx, line %u: %s", name != NULL ? name : "virtio",
              (unsigned long long)each->registers, each->interrupt,
              status == BS_OK ? "started" : "not usable");
  }
}

struct entropy_device *device_entropy(void) {
  return started[VIRTIO_ENTROPY].driver;
}

struct block_device *device_block(void) {
  return started[VIRTIO_BLOCK].driver;
}

struct console_device *device_console(void) {
  return started[VIRTIO_CONSOLE].driver;
}

struct network_device *device_network(void) {
  return started[VIRTIO_NETWORK].driver;
}

void devices_on_frames(void (*arrived)(void)) {
  on_frames = arrived;
}

uint64_t devices_interrupts(void) {
  return interrupts;
}
