// The virtio devices that the boot target gives: entropy, a disk whose sectors hold their numbers,
// a console whose other end says what it hears, an interface to a network with a gateway. Without
// `devices=all` on the command line there must be none.
#include "check.h"
#include "kernel/devices.h"
#include "kernel/entry.h"
#include "kernel/frames.h"
#include "subjects.h"

/** Longer than any machine takes; it only ends what hangs. */
#define PATIENCE (UINT64_C(60) * 1000000000)

enum { SECTORS = 64 };

/** Waits for an interrupt of a device or, where one came already, not at all; false after too long.
 */
static bool wait_device(uint64_t start) {
  // What came between the last poll and here has left its interrupt pending.
  arch_timer_set(arch_clock() + 1000000);
  arch_wait();
  return arch_clock() - start < PATIENCE;
}

static void test_entropy(void) {
  test_begin("entropy: bytes come, and not twice");
  struct entropy_device *entropy = device_entropy();
  check(entropy != NULL);
  if (entropy == NULL) return;
  uint64_t words[32] = {0};
  size_t have = 0, taken;
  uint64_t start = arch_clock();
  while (have < sizeof(words)) {
    bs_status status = entropy_take(entropy, (uint8_t *)words + have, sizeof(words) - have, &taken);
    check(status == BS_OK || status == BS_WOULD_BLOCK);
    have += taken;
    if (taken == 0 && !wait_device(start)) break;
  }
  check(have == sizeof(words));
  for (unsigned i = 0; i < 32; i++)
    for (unsigned j = 0; j < i; j++)
      check(words[i] != words[j]);
}

static bs_status run_block(struct block_request *request) {
  uint64_t start = arch_clock();
  bs_status status = block_submit(device_block(), request);
  if (status != BS_OK) return status;
  while (request->status == BS_BUSY && wait_device(start)) {
  }
  return request->status;
}

static void test_block(void) {
  test_begin("disk: sectors are read and written, and none beyond the end");
  check(device_block() != NULL);
  if (device_block() == NULL) return;
  paddr frame;
  check(frames_take(&frame));
  uint8_t *data = arch_direct(frame);
  struct block_request *request = (struct block_request *)(data + 2048);
  *request = (struct block_request){.operation = BLOCK_READ, .sector = 5, .data = data};
  request->bytes = 1024;
  check(device_block()->sectors == SECTORS);
  check(run_block(request) == BS_OK);
  check(data[0] == 5 && data[511] == 5 && data[512] == 6 && data[1023] == 6);
  for (unsigned i = 0; i < 512; i++)
    data[i] = (uint8_t)(0x80 + i);
  request->operation = BLOCK_WRITE;
  request->sector = SECTORS - 1;
  request->bytes = 512;
  check(run_block(request) == BS_OK);
  for (unsigned i = 0; i < 512; i++)
    data[i] = 0;
  request->operation = BLOCK_READ;
  check(run_block(request) == BS_OK);
  check(data[0] == 0x80 && data[127] == 0xff && data[511] == 0x7f);
  request->sector = SECTORS;
  check(run_block(request) == BS_RANGE);
  *request = (struct block_request){.operation = BLOCK_FLUSH};
  check(run_block(request) == BS_OK);
  frames_give(frame);
}

static void test_console(void) {
  test_begin("console: what is said comes back from the other end");
  struct console_device *console = device_console();
  check(console != NULL);
  if (console == NULL) return;
  static const char said[] = "is there anybody?";
  char heard[sizeof(said)] = {0};
  size_t wrote, have = 0, count;
  uint64_t start = arch_clock();
  check(console_device_write(console, said, sizeof(said), &wrote) == BS_OK);
  check(wrote == sizeof(said));
  while (have < sizeof(heard)) {
    bs_status status = console_device_read(console, heard + have, sizeof(heard) - have, &count);
    check(status == BS_OK || status == BS_WOULD_BLOCK);
    have += count;
    if (count == 0 && !wait_device(start)) break;
  }
  check(have == sizeof(heard));
  for (unsigned i = 0; i < sizeof(said); i++)
    check(heard[i] == said[i]);
}

/** A question for the hardware address of 10.0.2.2, the gateway of QEMU's user network (RFC 826).
 */
static void make_question(uint8_t *frame, const uint8_t *own) {
  static const uint8_t fixed[28] = {
      0, 1, 8, 0, 6, 4, 0, 1, [14] = 10, 0, 2, 15, [24] = 10, 0, 2, 2};
  for (unsigned i = 0; i < 6; i++) {
    frame[i] = 0xff;
    frame[6 + i] = own[i];
  }
  frame[12] = 8;
  frame[13] = 6;
  for (unsigned i = 0; i < sizeof(fixed); i++)
    frame[14 + i] = fixed[i];
  for (unsigned i = 0; i < 6; i++)
    frame[22 + i] = own[i];
}

static void test_network(void) {
  test_begin("network: the gateway answers who it is");
  struct network_device *network = device_network();
  check(network != NULL);
  if (network == NULL) return;
  paddr memory;
  check(frames_take(&memory));
  uint8_t *frame = arch_direct(memory);
  make_question(frame, network->address);
  check(network_send(network, frame, 42) == BS_OK);
  uint64_t start = arch_clock();
  bool answered = false;
  while (!answered) {
    size_t bytes;
    bs_status status = network_receive(network, frame, &bytes);
    check(status == BS_OK || status == BS_WOULD_BLOCK);
    // An answer (2), from 10.0.2.2.
    answered = status == BS_OK && bytes >= 42 && frame[12] == 8 && frame[13] == 6 &&
               frame[21] == 2 && frame[28] == 10 && frame[31] == 2;
    if (status != BS_OK && !wait_device(start)) break;
  }
  check(answered);
  frames_give(memory);
}

static void test_absent(void) {
  test_begin("a machine without devices has none");
  check(device_entropy() == NULL && device_block() == NULL);
  check(device_console() == NULL && device_network() == NULL);
}

void test_devices(const struct boot_info *boot) {
  if (!asks_for(boot, "devices=all")) {
    test_absent();
    return;
  }
  bool on = arch_interrupts_disable();
  uint64_t before = devices_interrupts();
  test_entropy();
  test_block();
  test_console();
  test_network();
  check(devices_interrupts() > before);
  arch_timer_set(UINT64_MAX);
  arch_interrupts_restore(on);
}
