// The transport and the queue: setting up, giving, taking, and devices that break the rules.
#include "simulated-device.h"
#include <test/tap.h>

static _Alignas(VIRTIO_QUEUE_BYTES) uint8_t memory[VIRTIO_QUEUE_BYTES];

static bool opens(void) {
  struct virtio_device device;
  struct sim *sim = sim_device(VIRTIO_ENTROPY);
  tap_need(virtio_open(&device, &sim_bus, sim) == BS_OK && device.kind == VIRTIO_ENTROPY);
  tap_need(sim->status == 3);
  tap_need(virtio_negotiate(&device, UINT64_MAX) == BS_OK && sim->accepted == sim->offered);
  tap_need(sim->status == 11);
  virtio_ready(&device);
  return sim->status == 15 && !device.broken;
}

static bool refuses_devices(void) {
  struct virtio_device device;
  struct sim *sim = sim_device(0);
  tap_need(virtio_open(&device, &sim_bus, sim) == BS_NOENT);
  sim = sim_device(VIRTIO_ENTROPY);
  sim->version = 1;
  tap_need(virtio_open(&device, &sim_bus, sim) == BS_UNSUPPORTED);
  sim = sim_device(VIRTIO_ENTROPY);
  sim->fault = SIM_RESETS_FOREVER;
  tap_need(virtio_open(&device, &sim_bus, sim) == BS_IO && device.broken);
  sim = sim_device(VIRTIO_ENTROPY);
  sim->offered = 0;
  tap_need(virtio_open(&device, &sim_bus, sim) == BS_OK);
  tap_need(virtio_negotiate(&device, 0) == BS_UNSUPPORTED && sim->status == 128);
  sim = sim_device(VIRTIO_ENTROPY);
  sim->fault = SIM_REFUSES_FEATURES;
  tap_need(virtio_open(&device, &sim_bus, sim) == BS_OK);
  return virtio_negotiate(&device, 0) == BS_UNSUPPORTED && device.broken;
}

static bool reads_settings(void) {
  struct virtio_device device;
  uint64_t value;
  struct sim *sim = sim_device(VIRTIO_BLOCK);
  memcpy(sim->settings, "\1\2\3\4\5\6\7\10", 8);
  tap_need(virtio_open(&device, &sim_bus, sim) == BS_OK);
  tap_need(virtio_setting(&device, 1, 1) == 2 && virtio_setting(&device, 2, 2) == 0x403);
  tap_need(virtio_wide_setting(&device, 0, &value) == BS_OK && value == 0x0807060504030201);
  sim->fault = SIM_CHANGES_FOREVER;
  tap_need(virtio_wide_setting(&device, 0, &value) == BS_IO);
  sim->interrupt = 3;
  tap_need(virtio_acknowledge(&device) && sim->interrupt == 0);
  return !virtio_acknowledge(&device);
}

/** Starts a queue of an entropy device that holds what it is given. */
static struct sim *start_queue(struct virtio_device *device, struct virtio_queue *queue,
                               uint32_t most) {
  struct sim *sim = sim_device(VIRTIO_ENTROPY);
  sim->most_entries = most;
  sim->holds = true;
  memset(memory, 0xff, sizeof memory);
  if (virtio_open(device, &sim_bus, sim) != BS_OK || virtio_negotiate(device, 0) != BS_OK ||
      virtio_queue_start(queue, device, 0, memory) != BS_OK)
    abort();
  virtio_ready(device);
  return sim;
}

static bool sizes_queues(void) {
  static const uint32_t most[][2] = {{1, 1}, {3, 2}, {64, 64}, {200, 128}, {32768, 128}};
  struct virtio_device device;
  struct virtio_queue queue;
  for (size_t i = 0; i < sizeof most / sizeof most[0]; i++) {
    struct sim *sim = start_queue(&device, &queue, most[i][0]);
    tap_need(queue.entries == most[i][1] && sim->queue_of[0].entries == most[i][1]);
    uint64_t end = sim->queue_of[0].used + 4 + 8 * queue.entries;
    tap_need(end <= (uintptr_t)memory + sizeof memory && sim->queue_of[0].used % 4 == 0);
  }
  return virtio_queue_start(&queue, &device, 1, memory) == BS_NOENT;
}

/** Chains of random lengths are given and answered in any amounts; a model counts what is out. */
static bool circulates(void) {
  struct virtio_device device;
  struct virtio_queue queue;
  struct sim *sim = start_queue(&device, &queue, 16);
  static uint8_t data[VIRTIO_CHAIN_MAX][8];
  static int owners[16];
  uint64_t seed = 1;
  size_t entries_out = 0;
  size_t lengths[16] = {0};
  for (int round = 0; round < 100000; round++) {
    struct virtio_buffer buffers[VIRTIO_CHAIN_MAX];
    size_t count = 1 + tap_random(&seed) % 4;
    size_t slot = tap_random(&seed) % 16;
    for (size_t i = 0; i < count; i++)
      buffers[i] = (struct virtio_buffer){data[i], 8, true};
    if (lengths[slot] == 0) {
      bs_status status = virtio_queue_give(&queue, buffers, count, &owners[slot]);
      tap_need(status == (entries_out + count <= 16 ? BS_OK : BS_WOULD_BLOCK));
      if (status == BS_OK) entries_out += lengths[slot] = count;
    }
    sim->holds = tap_random(&seed) % 4 != 0;
    virtio_queue_notify(&queue);
    void *owner;
    uint32_t written;
    while (virtio_queue_take(&queue, &owner, &written) == BS_OK) {
      size_t at = (size_t)((int *)owner - owners);
      tap_need(at < 16 && lengths[at] != 0 && written == 8);
      entries_out -= lengths[at];
      lengths[at] = 0;
    }
    tap_need(queue.free_count == 16 - entries_out && !device.broken);
  }
  return true;
}

static bool refuses_chains(void) {
  struct virtio_device device;
  struct virtio_queue queue;
  start_queue(&device, &queue, 4);
  uint8_t byte;
  struct virtio_buffer buffers[VIRTIO_CHAIN_MAX + 1];
  for (size_t i = 0; i < VIRTIO_CHAIN_MAX + 1; i++)
    buffers[i] = (struct virtio_buffer){&byte, 1, false};
  tap_need(virtio_queue_give(&queue, buffers, 0, &byte) == BS_INVALID);
  tap_need(virtio_queue_give(&queue, buffers, 5, &byte) == BS_INVALID);
  tap_need(virtio_queue_give(&queue, buffers, VIRTIO_CHAIN_MAX + 1, &byte) == BS_INVALID);
  tap_need(virtio_queue_give(&queue, buffers, 1, NULL) == BS_INVALID);
  buffers[0].device_writes = true;
  tap_need(virtio_queue_give(&queue, buffers, 2, &byte) == BS_INVALID);
  buffers[0].bytes = 0;
  tap_need(virtio_queue_give(&queue, buffers, 1, &byte) == BS_INVALID);
  for (int i = 0; i < 2; i++)
    buffers[i] = (struct virtio_buffer){&byte, UINT32_MAX, true};
  tap_need(virtio_queue_give(&queue, buffers, 2, &byte) == BS_INVALID);
  return queue.free_count == 4;
}

/** What a fault leads to, when two of eight requests are taken. */
static bool meets_fault(enum sim_fault fault, bs_status first, bs_status second) {
  struct virtio_device device;
  struct virtio_queue queue;
  struct sim *sim = start_queue(&device, &queue, 8);
  uint8_t data[8];
  void *owner;
  uint32_t written;
  sim->fault = fault;
  const struct virtio_buffer buffer = {data, sizeof data, true};
  tap_need(virtio_queue_give(&queue, &buffer, 1, data) == BS_OK);
  sim->holds = false;
  virtio_queue_notify(&queue);
  tap_need(virtio_queue_take(&queue, &owner, &written) == first);
  tap_need(virtio_queue_take(&queue, &owner, &written) == second);
  bool breaks = second == BS_IO;
  tap_need(device.broken == breaks && (sim->status == 128) == breaks);
  return virtio_queue_give(&queue, &buffer, 1, data) == (breaks ? BS_IO : BS_OK);
}

static bool meets_faults(void) {
  return meets_fault(SIM_KEEPS_RULES, BS_OK, BS_WOULD_BLOCK) &&
         meets_fault(SIM_WRITES_NOTHING, BS_OK, BS_WOULD_BLOCK) &&
         meets_fault(SIM_SCRIBBLES, BS_OK, BS_WOULD_BLOCK) &&
         meets_fault(SIM_ANSWERS_BEYOND, BS_IO, BS_IO) &&
         meets_fault(SIM_ANSWERS_UNASKED, BS_IO, BS_IO) &&
         meets_fault(SIM_ANSWERS_TWICE, BS_OK, BS_IO) &&
         meets_fault(SIM_WRITES_TOO_MUCH, BS_IO, BS_IO);
}

int main(void) {
  tap_ok(opens(), "a device is set up step by step");
  tap_ok(refuses_devices(), "absent, old and unwilling devices are told apart");
  tap_ok(reads_settings(), "settings are read whole, interrupts acknowledged");
  tap_ok(sizes_queues(), "a queue is a power of two that fits its memory and the device");
  tap_ok(circulates(), "descriptors of many requests circulate");
  tap_ok(refuses_chains(), "chains that no queue takes are refused");
  tap_ok(meets_faults(), "a device that answers what nobody asked is given up");
  return tap_done();
}
