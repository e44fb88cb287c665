// Fuzzes what comes in: edits of right frames, three bytes each, to an interface that also sends.
#include "../test/wire-frames.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t make_frame(uint8_t *frame, unsigned kind) {
  uint8_t echo[16] = {8, 0, 0xf7, 0xff};
  if (kind % 4 == 0) return arp_frame(frame, 1 + kind / 4 % 2, NEAR, OWN);
  if (kind % 4 == 1) return ipv4_frame(frame, NEAR, OWN, 1, echo, sizeof echo);
  return udp_frame(frame, NEAR, kind, kind % 4 == 2 ? OWN : UINT32_MAX, 7, "data", 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct network_stack stack;
  uint8_t frame[128];
  uint8_t received[UDP_DATA_BYTES];
  unsigned socket;
  size_t bytes;
  ipv4 from;
  uint16_t port;
  open_stack(&stack);
  if (udp_open(&stack, 7, &socket) != BS_OK) abort();
  for (size_t i = 0; i + 5 < size; i += 6) {
    size_t length = make_frame(frame, data[i]);
    frame[data[i + 1] % length] = data[i + 2];
    frame[data[i + 3] % length] = data[i + 4];
    length -= data[i + 5] % 8 == 0 ? data[i + 5] % length : 0;
    uint8_t *copy = malloc(length);
    memcpy(copy, frame, length);
    network_input(&stack, copy, length, i * UINT64_C(100000000));
    free(copy);
    udp_send(&stack, socket, NEAR + data[i + 5], 7, "x", 1, i * UINT64_C(100000000));
    if (udp_receive(&stack, socket, received, sizeof received, &bytes, &from, &port) == BS_OK &&
        bytes > sizeof received)
      abort();
  }
  return 0;
}
