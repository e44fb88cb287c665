// Fuzzes the drivers with a device that does what the input says: its registers read as the input's
// bytes, and at each notification it writes into the memory that it shares with the driver.
#include <stdlib.h>
#include <string.h>
#include <virtio/block.h>
#include <virtio/console.h>
#include <virtio/entropy.h>
#include <virtio/network.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
  const uint8_t *data;
  size_t left;
  uint32_t kind;
  uint8_t *memory[2];
} device_of_input;

static uint32_t next_bytes(uint32_t bytes) {
  uint32_t value = 0;
  for (; bytes > 0 && device_of_input.left > 0; bytes--, device_of_input.left--)
    value = value << 8 | *device_of_input.data++;
  return value;
}

static uint32_t read_input(void *registers, uint32_t offset, uint32_t bytes) {
  (void)registers;
  // What stands in the way of all the rest is right.
  if (offset == 0x000) return 0x74726976;
  if (offset == 0x004) return 2;
  if (offset == 0x008) return device_of_input.kind;
  if (offset == 0x010) return UINT32_MAX;
  if (offset == 0x034) return 1 + next_bytes(1);
  if (offset == 0x070) return next_bytes(1) == 0xff ? 0 : 8;
  return next_bytes(bytes);
}

static void write_input(void *registers, uint32_t offset, uint32_t value) {
  (void)registers;
  (void)value;
  if (offset != 0x050) return;
  for (uint32_t edits = next_bytes(1) % 16; edits > 0; edits--) {
    uint8_t *memory = device_of_input.memory[next_bytes(1) % 2];
    // Mostly the used ring, which is all that is believed.
    uint32_t place = next_bytes(1);
    uint32_t at = place < 16 ? next_bytes(2) % VIRTIO_QUEUE_BYTES : 2306 + place % 32;
    memory[at] = (uint8_t)next_bytes(1);
  }
}

static uint64_t physical(const void *memory) {
  return (uintptr_t)memory;
}

static const struct virtio_bus bus = {read_input, write_input, physical};
static struct virtio_device device;

static void run_block(void) {
  struct block_device *block = malloc(sizeof *block);
  struct block_request requests[4];
  uint8_t sector[4][512];
  memset(requests, 0, sizeof requests);
  if (block_start(block, &device, device_of_input.memory[0]) == BS_OK) {
    for (int i = 0; i < 64 && device_of_input.left > 0; i++) {
      struct block_request *request = &requests[i % 4];
      if (request->status == BS_BUSY) break;
      request->operation = i % 3 == 0 ? BLOCK_WRITE : BLOCK_READ;
      request->sector = next_bytes(1);
      request->data = sector[i % 4];
      request->bytes = 512;
      block_submit(block, request);
      block_poll(block);
    }
  }
  free(block);
}

static void run_streams(void) {
  struct entropy_device *entropy = malloc(sizeof *entropy);
  struct console_device *console = malloc(sizeof *console);
  uint8_t bytes[300];
  size_t count;
  bool random = device_of_input.kind == VIRTIO_ENTROPY;
  uint8_t *const *memory = device_of_input.memory;
  bs_status status = random ? entropy_start(entropy, &device, memory[0])
                            : console_device_start(console, &device, memory[0], memory[1]);
  while (status == BS_OK && device_of_input.left > 0) {
    size_t most = next_bytes(1);
    if (random) {
      entropy_take(entropy, bytes, most, &count);
    } else {
      console_device_read(console, bytes, most, &count);
      if (count > most) abort();
      console_device_write(console, bytes, most, &count);
    }
    if (count > most) abort();
  }
  free(entropy);
  free(console);
}

static void run_network(void) {
  struct network_device *network = malloc(sizeof *network);
  uint8_t *frame = malloc(NETWORK_FRAME_BYTES);
  uint8_t *const *memory = device_of_input.memory;
  memset(frame, 0, NETWORK_FRAME_BYTES);
  if (network_start(network, &device, memory[0], memory[1]) == BS_OK) {
    while (device_of_input.left > 0) {
      size_t bytes = next_bytes(2);
      network_send(network, frame, bytes);
      if (network_receive(network, frame, &bytes) == BS_OK && bytes > NETWORK_FRAME_BYTES) abort();
    }
  }
  free(frame);
  free(network);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1) return 0;
  device_of_input.data = data + 1;
  device_of_input.left = size - 1;
  device_of_input.kind = 1 + data[0] % 4;
  for (int i = 0; i < 2; i++)
    device_of_input.memory[i] = aligned_alloc(VIRTIO_QUEUE_BYTES, VIRTIO_QUEUE_BYTES);
  if (virtio_open(&device, &bus, NULL) == BS_OK) {
    if (device.kind == VIRTIO_BLOCK) run_block();
    if (device.kind == VIRTIO_NETWORK) run_network();
    if (device.kind == VIRTIO_ENTROPY || device.kind == VIRTIO_CONSOLE) run_streams();
  }
  for (int i = 0; i < 2; i++)
    free(device_of_input.memory[i]);
  return 0;
}
