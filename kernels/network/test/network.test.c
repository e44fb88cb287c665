// The interface: neighbours, packets, datagrams, and what is wrong on the wire.
#include "wire-frames.h"
#include <test/tap.h>

static struct network_stack stack;
static uint8_t frame[ETHERNET_FRAME_BYTES + 1];

#define SECOND UINT64_C(1000000000)

static void input(size_t bytes, uint64_t now) {
  // In memory of exactly its size, so that a read behind it is found.
  uint8_t *copy = malloc(bytes == 0 ? 1 : bytes);
  memcpy(copy, frame, bytes);
  network_input(&stack, copy, bytes, now);
  free(copy);
}

static bool checks_settings(void) {
  static const struct {
    ipv4 address, mask, gateway;
    bs_status status;
  } tried[] = {
      {OWN, 0xffffff00, GATEWAY, BS_OK},
      {OWN, 0xffffff00, 0, BS_OK},
      {OWN, 0xffffffff, 0, BS_OK},
      {OWN, 0xfffffffe, OWN ^ 1, BS_OK},
      {OWN, 0, 0, BS_INVALID},
      {OWN, 0xff00ff00, 0, BS_INVALID},
      {OWN, 0xffffff00, FAR, BS_INVALID},
      {0x0a000200, 0xffffff00, 0, BS_INVALID},
      {0x0a0002ff, 0xffffff00, 0, BS_INVALID},
      {0x7f000001, 0xff000000, 0, BS_INVALID},
      {0xe0000001, 0xffffff00, 0, BS_INVALID},
      {0x00000001, 0xffffff00, 0, BS_INVALID},
      {OWN, 0xffffff00, 0x0a0002ff, BS_INVALID},
  };
  struct network_settings settings = test_settings();
  for (size_t i = 0; i < sizeof tried / sizeof tried[0]; i++) {
    settings.address = tried[i].address;
    settings.mask = tried[i].mask;
    settings.gateway = tried[i].gateway;
    tap_need(network_open(&stack, &settings) == tried[i].status);
  }
  return true;
}

static bool reads_settings(void) {
  static const char *const wrong[] = {"",
                                      "10.0.2.15",
                                      "10.0.2/24",
                                      "10.0.2.15/33",
                                      "10.0.2.15/0",
                                      "10.0.2.256/8",
                                      "10.0.2.15/24,",
                                      "1.2.3.4/024",
                                      "01.2.3.4/8",
                                      "1.2.3.4/8x",
                                      "1.2.3.4/8,1.2.3.4.5",
                                      "4294967306.0.2.15/24",
                                      "1..2.3/8",
                                      "-1.2.3.4/8"};
  struct network_settings settings = {0};
  tap_need(network_read_settings("10.0.2.15/24,10.0.2.2 next", &settings) == BS_OK);
  tap_need(settings.address == OWN && settings.mask == 0xffffff00 && settings.gateway == GATEWAY);
  tap_need(network_read_settings("255.255.255.255/32", &settings) == BS_OK);
  tap_need(settings.address == UINT32_MAX && settings.mask == UINT32_MAX && settings.gateway == 0);
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    tap_need(network_read_settings(wrong[i], &settings) == BS_INVALID);
  }
  return settings.address == UINT32_MAX;
}

static bool answers_arp(void) {
  open_stack(&stack);
  input(arp_frame(frame, 1, NEAR, OWN), 0);
  tap_need(sent.count == 1 && sent.bytes == 42 && memcmp(sent.frame, OTHER_HARDWARE, 6) == 0);
  tap_need(sent.frame[21] == 2 && memcmp(sent.frame + 22, OWN_HARDWARE, 6) == 0);
  tap_need(get32(sent.frame + 28) == OWN && get32(sent.frame + 38) == NEAR);
  tap_need(memcmp(sent.frame + 32, OTHER_HARDWARE, 6) == 0);
  // Not for us, from elsewhere, from us, an answer that nobody asked.
  input(arp_frame(frame, 1, NEAR, GATEWAY), 0);
  input(arp_frame(frame, 1, FAR, OWN), 0);
  input(arp_frame(frame, 1, OWN, OWN), 0);
  input(arp_frame(frame, 2, GATEWAY, OWN), 0);
  tap_need(sent.count == 1 && stack.counts.dropped == 3);
  unsigned socket;
  tap_need(udp_open(&stack, 0, &socket) == BS_OK);
  return udp_send(&stack, socket, GATEWAY, 9, "", 0, 0) == BS_WOULD_BLOCK;
}

static bool asks_neighbours(void) {
  unsigned socket;
  open_stack(&stack);
  tap_need(udp_open(&stack, 7, &socket) == BS_OK && udp_port(&stack, socket) == 7);
  tap_need(udp_send(&stack, socket, NEAR, 9, "hi", 2, 0) == BS_WOULD_BLOCK && sent.count == 1);
  tap_need(get32(sent.frame + 38) == NEAR && sent.frame[0] == 0xff && sent.frame[21] == 1);
  tap_need(udp_send(&stack, socket, NEAR, 9, "hi", 2, SECOND - 1) == BS_WOULD_BLOCK);
  tap_need(sent.count == 1);
  tap_need(udp_send(&stack, socket, NEAR, 9, "hi", 2, SECOND) == BS_WOULD_BLOCK);
  tap_need(udp_send(&stack, socket, NEAR, 9, "hi", 2, 2 * SECOND) == BS_WOULD_BLOCK);
  tap_need(sent.count == 3);
  tap_need(udp_send(&stack, socket, NEAR, 9, "hi", 2, 3 * SECOND) == BS_TIMEOUT);
  tap_need(udp_send(&stack, socket, NEAR, 9, "hi", 2, 3 * SECOND) == BS_WOULD_BLOCK);
  input(arp_frame(frame, 2, NEAR, OWN), 3 * SECOND);
  tap_need(udp_send(&stack, socket, NEAR, 9, "hi", 2, 4 * SECOND) == BS_OK && sent.count == 5);
  tap_need(memcmp(sent.frame, OTHER_HARDWARE, 6) == 0);
  // What is known is asked anew after a minute.
  tap_need(udp_send(&stack, socket, NEAR, 9, "hi", 2, 62 * SECOND) == BS_OK);
  tap_need(udp_send(&stack, socket, NEAR, 9, "hi", 2, 63 * SECOND) == BS_WOULD_BLOCK);
  // More neighbours than there is room for: each still gets its question.
  for (uint32_t i = 0; i < 3 * NETWORK_NEIGHBOURS; i++) {
    tap_need(udp_send(&stack, socket, 0x0a000264 + i, 9, "", 0, 70 * SECOND) == BS_WOULD_BLOCK);
    tap_need(get32(sent.frame + 38) == 0x0a000264 + i);
  }
  return true;
}

static bool routes(void) {
  unsigned socket;
  open_stack(&stack);
  tap_need(udp_open(&stack, 7, &socket) == BS_OK);
  tap_need(udp_send(&stack, socket, FAR, 53, "q", 1, 0) == BS_WOULD_BLOCK);
  tap_need(get32(sent.frame + 38) == GATEWAY);
  input(arp_frame(frame, 2, GATEWAY, OWN), 0);
  tap_need(udp_send(&stack, socket, FAR, 53, "q", 1, 0) == BS_OK);
  tap_need(get32(sent.frame + 30) == FAR && memcmp(sent.frame, OTHER_HARDWARE, 6) == 0);
  tap_need(udp_send(&stack, socket, 0x0a0002ff, 9, "all", 3, 0) == BS_OK && sent.frame[0] == 0xff);
  tap_need(udp_send(&stack, socket, UINT32_MAX, 9, "all", 3, 0) == BS_OK && sent.frame[5] == 0xff);
  tap_need(udp_send(&stack, socket, 0x7f000001, 9, "x", 1, 0) == BS_NOENT);
  tap_need(udp_send(&stack, socket, 0, 9, "x", 1, 0) == BS_NOENT);
  stack.settings.gateway = 0;
  return udp_send(&stack, socket, FAR, 53, "q", 1, 0) == BS_NOENT;
}

static bool sends_datagrams(void) {
  unsigned socket;
  uint8_t data[UDP_DATA_BYTES + 1];
  uint64_t seed = 3;
  open_stack(&stack);
  tap_need(udp_open(&stack, 7, &socket) == BS_OK);
  input(arp_frame(frame, 1, NEAR, OWN), 0);
  for (size_t bytes = 0; bytes <= UDP_DATA_BYTES; bytes += 1 + tap_random(&seed) % 9) {
    for (size_t i = 0; i < bytes; i++)
      data[i] = (uint8_t)tap_random(&seed);
    tap_need(udp_send(&stack, socket, NEAR, 4660, data, bytes, 0) == BS_OK);
    const uint8_t *packet = sent.frame + 14;
    const uint8_t *message = packet + 20;
    tap_need(sent.bytes == 42 + bytes && checksum(packet, 20, 0) == 0);
    tap_need(message[0] == 0 && message[1] == 7 && message[2] == 0x12 && message[3] == 0x34);
    tap_need(udp_checksum(OWN, NEAR, message, bytes + 8) == 0);
    tap_need(message[6] != 0 || message[7] != 0);
    tap_need(memcmp(message + 8, data, bytes) == 0);
  }
  tap_need(udp_send(&stack, socket, NEAR, 9, data, UDP_DATA_BYTES + 1, 0) == BS_RANGE);
  tap_need(udp_send(&stack, socket, NEAR, 0, data, 1, 0) == BS_INVALID);
  sent.answer = BS_IO;
  return udp_send(&stack, socket, NEAR, 9, data, 1, 0) == BS_IO;
}

static bool receives_datagrams(void) {
  unsigned first, second;
  char text[16];
  size_t bytes;
  ipv4 from;
  uint16_t port;
  open_stack(&stack);
  tap_need(udp_open(&stack, 7, &first) == BS_OK && udp_open(&stack, 8, &second) == BS_OK);
  tap_need(udp_receive(&stack, first, text, 16, &bytes, &from, &port) == BS_WOULD_BLOCK);
  input(udp_frame(frame, NEAR, 100, OWN, 7, "one", 3), 0);
  input(udp_frame(frame, FAR, 101, OWN, 8, "other", 5), 0);
  input(udp_frame(frame, NEAR, 102, OWN, 7, "", 0), 0);
  input(udp_frame(frame, NEAR, 103, UINT32_MAX, 7, "to all", 6), 0);
  tap_need(udp_is_readable(&stack, first) && udp_is_readable(&stack, second));
  tap_need(udp_receive(&stack, first, text, 2, &bytes, &from, &port) == BS_OK);
  tap_need(bytes == 3 && memcmp(text, "on", 2) == 0 && from == NEAR && port == 100);
  tap_need(udp_receive(&stack, first, text, 16, &bytes, &from, &port) == BS_OK && bytes == 0);
  tap_need(udp_receive(&stack, first, text, 16, &bytes, &from, &port) == BS_OK && bytes == 6);
  tap_need(!udp_is_readable(&stack, first));
  tap_need(udp_receive(&stack, second, text, 16, &bytes, &from, &port) == BS_OK);
  tap_need(bytes == 5 && from == FAR && port == 101);
  // To itself, without a frame.
  tap_need(udp_send(&stack, first, OWN, 8, "self", 4, 0) == BS_OK && sent.count == 0);
  tap_need(udp_receive(&stack, second, text, 16, &bytes, &from, &port) == BS_OK);
  return bytes == 4 && from == OWN && port == 7 && stack.counts.dropped == 0;
}

static bool bounds_waiting(void) {
  unsigned sockets[NETWORK_SOCKETS], more;
  char text[4];
  size_t bytes;
  ipv4 from;
  uint16_t port;
  open_stack(&stack);
  for (unsigned i = 0; i < NETWORK_SOCKETS; i++) {
    tap_need(udp_open(&stack, (uint16_t)(i == 0 ? 5 : 0), &sockets[i]) == BS_OK);
    tap_need(i == 0 || udp_port(&stack, sockets[i]) == 49151 + i);
  }
  tap_need(udp_open(&stack, 5, &more) == BS_BUSY && udp_open(&stack, 6, &more) == BS_NOMEM);
  tap_need(udp_bind(&stack, sockets[1], 5) == BS_BUSY && udp_port(&stack, sockets[1]) == 49152);
  tap_need(udp_bind(&stack, sockets[0], 0) == BS_OK && udp_bind(&stack, sockets[0], 5) == BS_OK);
  tap_need(udp_bind(&stack, sockets[0], 6) == BS_OK && udp_port(&stack, sockets[0]) == 6);
  tap_need(udp_bind(&stack, sockets[0], 5) == BS_OK && udp_port(&stack, sockets[0]) == 5);
  for (uint8_t i = 0; i < NETWORK_DATAGRAMS_OF_SOCKET + 2; i++)
    input(udp_frame(frame, NEAR, 1, OWN, 5, &i, 1), 0);
  tap_need(stack.counts.overflowed == 2);
  for (uint8_t i = 0; i < NETWORK_DATAGRAMS_OF_SOCKET; i++) {
    tap_need(udp_receive(&stack, sockets[0], text, 4, &bytes, &from, &port) == BS_OK);
    tap_need(text[0] == i);
  }
  for (unsigned i = 0; i < NETWORK_DATAGRAMS + 3; i++)
    input(udp_frame(frame, NEAR, 1, OWN, 49152 + i / 8, "x", 1), 0);
  tap_need(stack.counts.overflowed == 5);
  udp_close(&stack, sockets[1]);
  input(udp_frame(frame, NEAR, 1, OWN, 49152, "x", 1), 0);
  tap_need(stack.counts.dropped == 1);
  input(udp_frame(frame, NEAR, 1, OWN, 5, "x", 1), 0);
  return udp_is_readable(&stack, sockets[0]) && udp_open(&stack, 49152, &more) == BS_OK;
}

static bool answers_echo(void) {
  uint8_t message[64] = {8, 0};
  memcpy(message + 4, "\1\2\3\4and some data", 17);
  put16(message + 2, checksum(message, 31, 0));
  open_stack(&stack);
  input(arp_frame(frame, 1, NEAR, OWN), 0);
  input(ipv4_frame(frame, NEAR, OWN, 1, message, 31), 0);
  tap_need(sent.count == 2 && sent.bytes == 34 + 31 && sent.frame[34] == 0);
  tap_need(checksum(sent.frame + 34, 31, 0) == 0 && checksum(sent.frame + 14, 20, 0) == 0);
  tap_need(memcmp(sent.frame + 38, message + 4, 27) == 0);
  message[10]++;
  input(ipv4_frame(frame, NEAR, OWN, 1, message, 31), 0);
  input(ipv4_frame(frame, NEAR, OWN, 1, message, 7), 0);
  input(ipv4_frame(frame, NEAR, UINT32_MAX, 1, message, 31), 0);
  return sent.count == 2 && stack.counts.dropped == 3;
}

/** Each byte of a frame that matters, changed: it reaches no socket. */
static bool drops_changes(void) {
  unsigned socket;
  open_stack(&stack);
  tap_need(udp_open(&stack, 7, &socket) == BS_OK);
  size_t bytes = udp_frame(frame, NEAR, 100, OWN, 7, "data", 4);
  for (size_t at = 0; at < bytes; at++) {
    udp_frame(frame, NEAR, 100, OWN, 7, "data", 4);
    frame[at] ^= 0x10;
    // Nobody checks the sender's hardware address.
    bool matters = at < 6 || at >= 12;
    input(bytes, 0);
    tap_need(udp_is_readable(&stack, socket) != matters);
    udp_close(&stack, socket);
    tap_need(udp_open(&stack, 7, &socket) == BS_OK);
  }
  for (size_t cut = 0; cut < bytes; cut++) {
    udp_frame(frame, NEAR, 100, OWN, 7, "data", 4);
    input(cut, 0);
    tap_need(!udp_is_readable(&stack, socket));
  }
  udp_frame(frame, NEAR, 100, OWN, 7, "data", 4);
  input(bytes + 18, 0);
  return udp_is_readable(&stack, socket);
}

static bool drops_senders(void) {
  static const ipv4 senders[] = {0, 0x7f000001, 0xe0000001, UINT32_MAX, OWN, 0x0a0002ff};
  unsigned socket;
  open_stack(&stack);
  tap_need(udp_open(&stack, 7, &socket) == BS_OK);
  for (size_t i = 0; i < sizeof senders / sizeof senders[0]; i++)
    input(udp_frame(frame, senders[i], 100, OWN, 7, "data", 4), 0);
  input(udp_frame(frame, NEAR, 0, OWN, 7, "data", 4), 0);
  input(udp_frame(frame, NEAR, 1, GATEWAY, 7, "data", 4), 0);
  size_t bytes = udp_frame(frame, NEAR, 1, OWN, 7, "data", 4);
  for (unsigned flags = 1; flags < 0x4000; flags = flags == 1 ? 0x2000 : 0x4000) {
    udp_frame(frame, NEAR, 1, OWN, 7, "data", 4);
    put16(frame + 20, flags);
    put16(frame + 24, 0);
    put16(frame + 24, checksum(frame + 14, 20, 0));
    input(bytes, 0);
  }
  tap_need(stack.counts.dropped == 10 && !udp_is_readable(&stack, socket));
  // A sender that makes no checksum.
  udp_frame(frame, NEAR, 1, OWN, 7, "data", 4);
  put16(frame + 40, 0);
  input(bytes, 0);
  return udp_is_readable(&stack, socket);
}

int main(void) {
  tap_ok(checks_settings(), "an interface has an address that one can have");
  tap_ok(reads_settings(), "settings are read from text, and no other text");
  tap_ok(answers_arp(), "who asks for us is answered, what nobody asked is not believed");
  tap_ok(asks_neighbours(), "a neighbour is asked three times, and known for a minute");
  tap_ok(routes(), "other networks are behind the gateway");
  tap_ok(sends_datagrams(), "datagrams of every size go out, with right checksums");
  tap_ok(receives_datagrams(), "datagrams come to the socket of their port, in order");
  tap_ok(bounds_waiting(), "a socket that nobody reads does not stop the others");
  tap_ok(answers_echo(), "echo requests are answered");
  tap_ok(drops_changes(), "a frame with a wrong bit or without its end reaches nobody");
  tap_ok(drops_senders(), "senders that cannot be, fragments and other receivers are dropped");
  return tap_done();
}
