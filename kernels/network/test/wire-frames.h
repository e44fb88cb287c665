// Frames of the tests, written as the other side would, and the interface that they go to.
#pragma once

#include <network/udp.h>
#include <stdlib.h>
#include <string.h>

enum { OWN = 0x0a00020f, GATEWAY = 0x0a000202, NEAR = 0x0a000263, FAR = 0x08080808 };

static const uint8_t OWN_HARDWARE[6] = {2, 0, 0, 0, 0, 1};
static const uint8_t OTHER_HARDWARE[6] = {2, 0, 0, 0, 0, 9};

/** The last frame that the interface sent, and how many there were. */
static struct {
  uint8_t frame[ETHERNET_FRAME_BYTES];
  size_t bytes;
  unsigned count;
  bs_status answer;
} sent;

static inline bs_status keep_frame(void *context, const uint8_t *frame, size_t bytes) {
  (void)context;
  if (bytes > ETHERNET_FRAME_BYTES) abort();
  if (sent.answer != BS_OK) return sent.answer;
  memcpy(sent.frame, frame, bytes);
  sent.bytes = bytes;
  sent.count++;
  return BS_OK;
}

static inline struct network_settings test_settings(void) {
  struct network_settings settings = {OWN, 0xffffff00, GATEWAY, {0}, keep_frame, NULL};
  memcpy(settings.hardware, OWN_HARDWARE, 6);
  return settings;
}

static inline void open_stack(struct network_stack *stack) {
  struct network_settings settings = test_settings();
  memset(&sent, 0, sizeof sent);
  if (network_open(stack, &settings) != BS_OK) abort();
}

static inline void put16(uint8_t *at, unsigned value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static inline void put32(uint8_t *at, uint32_t value) {
  put16(at, value >> 16);
  put16(at + 2, value & 0xffff);
}

static inline uint32_t get32(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/** The checksum by the words of RFC 1071, one carry at a time. */
static inline unsigned checksum(const uint8_t *bytes, size_t count, unsigned sum) {
  for (size_t i = 0; i < count; i++) {
    sum += i % 2 == 0 ? (unsigned)bytes[i] << 8 : bytes[i];
    if (sum > 0xffff) sum = (sum & 0xffff) + 1;
  }
  return ~sum & 0xffff;
}

static inline size_t arp_frame(uint8_t *frame, unsigned operation, ipv4 from, ipv4 to) {
  memset(frame, 0, 42);
  memcpy(frame, OWN_HARDWARE, 6);
  memcpy(frame + 6, OTHER_HARDWARE, 6);
  put16(frame + 12, 0x0806);
  put16(frame + 14, 1);
  put16(frame + 16, 0x0800);
  put16(frame + 18, 0x0604);
  put16(frame + 20, operation);
  memcpy(frame + 22, OTHER_HARDWARE, 6);
  put32(frame + 28, from);
  put32(frame + 38, to);
  return 42;
}

static inline size_t ipv4_frame(uint8_t *frame, ipv4 from, ipv4 to, unsigned protocol,
                                const uint8_t *data, size_t bytes) {
  memcpy(frame, OWN_HARDWARE, 6);
  memcpy(frame + 6, OTHER_HARDWARE, 6);
  put16(frame + 12, 0x0800);
  uint8_t *packet = frame + 14;
  memset(packet, 0, 20);
  packet[0] = 0x45;
  put16(packet + 2, 20 + (unsigned)bytes);
  packet[8] = 64;
  packet[9] = (uint8_t)protocol;
  put32(packet + 12, from);
  put32(packet + 16, to);
  put16(packet + 10, checksum(packet, 20, 0));
  memcpy(packet + 20, data, bytes);
  return 34 + bytes;
}

static inline unsigned udp_checksum(ipv4 from, ipv4 to, const uint8_t *message, size_t bytes) {
  uint8_t pseudo[12] = {0};
  put32(pseudo, from);
  put32(pseudo + 4, to);
  pseudo[9] = 17;
  put16(pseudo + 10, (unsigned)bytes);
  return checksum(message, bytes, ~checksum(pseudo, 12, 0) & 0xffff);
}

static inline size_t udp_frame(uint8_t *frame, ipv4 from, unsigned from_port, ipv4 to,
                               unsigned to_port, const void *data, size_t bytes) {
  uint8_t message[UDP_DATA_BYTES + 8] = {0};
  put16(message, from_port);
  put16(message + 2, to_port);
  put16(message + 4, (unsigned)bytes + 8);
  memcpy(message + 8, data, bytes);
  unsigned sum = udp_checksum(from, to, message, bytes + 8);
  put16(message + 6, sum == 0 ? 0xffff : sum);
  return ipv4_frame(frame, from, to, 17, message, bytes + 8);
}
