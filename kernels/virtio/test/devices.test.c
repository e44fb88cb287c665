// The four kinds of device, against the simulated one.
#include "simulated-device.h"
#include <test/tap.h>

static _Alignas(VIRTIO_QUEUE_BYTES) uint8_t memory[2][VIRTIO_QUEUE_BYTES];
static struct virtio_device device;

static struct sim *open_device(uint32_t kind) {
  struct sim *sim = sim_device(kind);
  if (virtio_open(&device, &sim_bus, sim) != BS_OK) abort();
  return sim;
}

static bool gives_entropy(void) {
  static struct entropy_device entropy;
  uint8_t bytes[200];
  size_t taken;
  struct sim *sim = open_device(VIRTIO_ENTROPY);
  tap_need(entropy_start(&entropy, &device, memory[0]) == BS_OK);
  uint8_t expected = 0;
  for (size_t most = 0; most <= sizeof bytes; most++) {
    tap_need(entropy_take(&entropy, bytes, most, &taken) == BS_OK);
    tap_need(taken <= most && (taken > 0) == (most > 0));
    for (size_t i = 0; i < taken; i++) {
      tap_need(bytes[i] == expected++);
    }
  }
  sim->holds = true;
  do {
    tap_need(entropy_take(&entropy, bytes, 64, &taken) == BS_OK);
  } while (!entropy.asked);
  tap_need(entropy_take(&entropy, bytes, 64, &taken) == BS_WOULD_BLOCK && taken == 0);
  sim->holds = false;
  sim->fault = SIM_WRITES_TOO_MUCH;
  virtio_queue_notify(&entropy.queue);
  return entropy_take(&entropy, bytes, 64, &taken) == BS_IO && taken == 0;
}

static struct block_device block;
static int blocks_done;

static void count_done(struct block_request *request) {
  blocks_done += request->status != BS_BUSY;
}

static struct sim *start_block(uint64_t more_features) {
  struct sim *sim = open_device(VIRTIO_BLOCK);
  sim->offered |= more_features;
  if (block_start(&block, &device, memory[0]) != BS_OK) abort();
  return sim;
}

static bs_status run_block(struct block_request *request, enum block_operation operation,
                           uint64_t sector, void *data, uint32_t bytes) {
  *request = (struct block_request){.operation = operation, .sector = sector, .data = data};
  request->bytes = bytes;
  request->done = count_done;
  bs_status status = block_submit(&block, request);
  if (status == BS_OK) status = block_poll(&block);
  return status == BS_OK ? request->status : status;
}

static bool reads_and_writes(void) {
  uint8_t data[1024];
  struct block_request request;
  struct sim *sim = start_block(0);
  tap_need(block.sectors == SIM_SECTORS && !block.read_only && block.can_flush);
  tap_need(run_block(&request, BLOCK_READ, 3, data, sizeof data) == BS_OK);
  tap_need(data[0] == 3 && data[511] == 3 && data[512] == 4 && data[1023] == 4);
  memset(data, 0xaa, sizeof data);
  tap_need(run_block(&request, BLOCK_WRITE, 5, data, 512) == BS_OK);
  tap_need(sim->disk[5 * 512 - 1] == 4 && sim->disk[5 * 512] == 0xaa && sim->disk[6 * 512] == 6);
  tap_need(run_block(&request, BLOCK_FLUSH, 99, NULL, 0) == BS_OK);
  tap_need(run_block(&request, BLOCK_READ, 15, data, 512) == BS_IO);
  return blocks_done == 4;
}

static bool refuses_requests(void) {
  uint8_t data[1024];
  struct block_request request;
  struct sim *sim = start_block(1 << 5);
  tap_need(block.read_only);
  tap_need(run_block(&request, BLOCK_WRITE, 0, data, 512) == BS_PERMISSION);
  tap_need(run_block(&request, BLOCK_READ, 16, data, 512) == BS_RANGE);
  tap_need(run_block(&request, BLOCK_READ, 15, data, 1024) == BS_RANGE);
  tap_need(run_block(&request, BLOCK_READ, UINT64_MAX, data, 512) == BS_RANGE);
  tap_need(run_block(&request, BLOCK_READ, 0, data, 0) == BS_INVALID);
  tap_need(run_block(&request, BLOCK_READ, 0, data, 511) == BS_INVALID);
  tap_need(run_block(&request, BLOCK_FLUSH, 0, data, 512) == BS_INVALID);
  sim->fault = SIM_WRITES_NOTHING;
  tap_need(run_block(&request, BLOCK_READ, 0, data, 512) == BS_IO);
  struct virtio_device other = device;
  other.kind = VIRTIO_ENTROPY;
  return block_start(&block, &other, memory[0]) == BS_INVALID;
}

static bool fills_a_disk_queue(void) {
  enum { MOST = VIRTIO_QUEUE_ENTRIES / 3 };
  static struct block_request requests[MOST + 1];
  static uint8_t data[MOST + 1][512];
  struct sim *sim = start_block(0);
  sim->holds = true;
  blocks_done = 0;
  for (int i = 0; i <= MOST; i++) {
    requests[i] = (struct block_request){.operation = BLOCK_READ, .data = data[i], .bytes = 512};
    requests[i].sector = (uint64_t)i % 15;
    requests[i].done = count_done;
    tap_need(block_submit(&block, &requests[i]) == (i < MOST ? BS_OK : BS_WOULD_BLOCK));
  }
  tap_need(block_poll(&block) == BS_OK && blocks_done == 0);
  sim->holds = false;
  virtio_queue_notify(&block.queue);
  tap_need(block_poll(&block) == BS_OK && blocks_done == MOST);
  for (int i = 0; i < MOST; i++) {
    tap_need(requests[i].status == BS_OK && data[i][511] == i % 15);
  }
  return block_submit(&block, &requests[MOST]) == BS_OK;
}

static bool talks(void) {
  static struct console_device console;
  char text[600];
  size_t count;
  struct sim *sim = open_device(VIRTIO_CONSOLE);
  tap_need(console_device_start(&console, &device, memory[0], memory[1]) == BS_OK);
  tap_need(console_device_read(&console, text, sizeof text, &count) == BS_WOULD_BLOCK);
  memset(text, 'x', sizeof text);
  tap_need(console_device_write(&console, text, sizeof text, &count) == BS_OK && count == 256);
  tap_need(console_device_write(&console, "end", 3, &count) == BS_OK && count == 3);
  tap_need(sim->text_bytes == 259 && memcmp(sim->text + 254, "xxend", 5) == 0);
  memcpy(sim->text, "hello", 5);
  sim_return(sim, 5);
  tap_need(console_device_read(&console, text, 2, &count) == BS_OK && count == 2);
  tap_need(console_device_read(&console, text + 2, 98, &count) == BS_OK && count == 3);
  tap_need(memcmp(text, "hello", 5) == 0);
  tap_need(console_device_read(&console, text, 1, &count) == BS_WOULD_BLOCK && count == 0);
  sim->holds = true;
  tap_need(console_device_write(&console, "a", 1, &count) == BS_OK && count == 1);
  tap_need(console_device_write(&console, "b", 1, &count) == BS_WOULD_BLOCK && count == 0);
  sim->holds = false;
  sim->fault = SIM_ANSWERS_BEYOND;
  virtio_queue_notify(&console.output);
  return console_device_write(&console, "b", 1, &count) == BS_IO && count == 0;
}

static bool sends_frames(void) {
  static struct network_device network;
  static uint8_t frame[NETWORK_FRAME_BYTES + 1];
  size_t bytes;
  struct sim *sim = open_device(VIRTIO_NETWORK);
  tap_need(network_start(&network, &device, memory[0], memory[1]) == BS_OK);
  tap_need(memcmp(network.address, "\x52\x54\0\x12\x34\x56", 6) == 0);
  tap_need(network_receive(&network, frame, &bytes) == BS_WOULD_BLOCK);
  tap_need(network_send(&network, frame, 0) == BS_RANGE);
  tap_need(network_send(&network, frame, sizeof frame) == BS_RANGE);
  for (int i = 0; i < 1000; i++) {
    size_t length = 1 + (size_t)i % NETWORK_FRAME_BYTES;
    memset(frame, i, length);
    tap_need(network_send(&network, frame, length) == BS_OK);
    tap_need(sim->text_bytes == NETWORK_HEADER_BYTES + length);
    memset(frame, 0, sizeof frame);
    sim_return(sim, sim->text_bytes);
    tap_need(network_receive(&network, frame, &bytes) == BS_OK && bytes == length);
    tap_need(frame[0] == (uint8_t)i && frame[length - 1] == (uint8_t)i);
  }
  sim->holds = true;
  for (int i = 0; i <= NETWORK_SEND_BUFFERS; i++) {
    bs_status expected = i < NETWORK_SEND_BUFFERS ? BS_OK : BS_WOULD_BLOCK;
    tap_need(network_send(&network, frame, 1) == expected);
  }
  sim->holds = false;
  sim_return(sim, NETWORK_HEADER_BYTES);
  return network_receive(&network, frame, &bytes) == BS_IO && device.broken;
}

static bool refuses_interfaces(void) {
  static struct network_device network;
  struct sim *sim = open_device(VIRTIO_NETWORK);
  sim->offered &= ~(UINT64_C(1) << 5);
  tap_need(network_start(&network, &device, memory[0], memory[1]) == BS_UNSUPPORTED);
  sim = open_device(VIRTIO_NETWORK);
  sim->queues = 1;
  tap_need(network_start(&network, &device, memory[0], memory[1]) == BS_NOENT);
  sim = open_device(VIRTIO_NETWORK);
  sim->most_entries = 4;
  tap_need(network_start(&network, &device, memory[0], memory[1]) == BS_OK);
  return sim->queue_of[0].entries == 4;
}

int main(void) {
  tap_ok(gives_entropy(), "entropy comes once, in any amounts, and waits for the host");
  tap_ok(reads_and_writes(), "a disk is read, written and flushed, and tells errors");
  tap_ok(refuses_requests(), "requests beyond a disk or against its rules are refused");
  tap_ok(fills_a_disk_queue(), "as many requests as fit are under way at once");
  tap_ok(talks(), "a console sends what fits and takes what came");
  tap_ok(sends_frames(), "frames go out and come in, and their buffers circulate");
  tap_ok(refuses_interfaces(), "an interface without address or queue is refused");
  return tap_done();
}
