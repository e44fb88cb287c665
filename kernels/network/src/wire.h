// Numbers and sums as they are on the wire, and what the protocols ask of each other.
#pragma once

#include "network/stack.h"

enum {
  ETHERNET_HEADER = 14,
  ETHERNET_ARP = 0x0806,
  ETHERNET_IPV4 = 0x0800,
  IPV4_HEADER = 20,
  IPV4_ICMP = 1,
  IPV4_UDP = 17,
  UDP_HEADER = 8,
};

#define IPV4_BROADCAST UINT32_MAX

static inline uint16_t load16(const uint8_t *at) {
  return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t load32(const uint8_t *at) {
  return (uint32_t)load16(at) << 16 | load16(at + 2);
}

static inline void store16(uint8_t *at, uint16_t value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static inline void store32(uint8_t *at, uint32_t value) {
  store16(at, (uint16_t)(value >> 16));
  store16(at + 2, (uint16_t)value);
}

static inline void copy_bytes(uint8_t *to, const uint8_t *from, size_t bytes) {
  for (size_t i = 0; i < bytes; i++)
    to[i] = from[i];
}

/** Adds bytes, two at a time, to a sum of ones' complement (RFC 1071). */
static inline uint32_t add_words(uint32_t sum, const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i + 1 < count; i += 2)
    sum += load16(bytes + i);
  if (count % 2 != 0) sum += (uint32_t)bytes[count - 1] << 8;
  return sum;
}

/** The checksum of a sum: 0 where the sum held a right one. */
static inline uint16_t fold(uint32_t sum) {
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return (uint16_t)~sum;
}

/** Fills a header of Ethernet and sends the frame. */
bs_status ethernet_send(struct network_stack *stack, uint8_t *frame, size_t bytes,
                        const uint8_t *to, uint16_t kind);

void arp_input(struct network_stack *stack, const uint8_t *packet, size_t bytes, uint64_t now);

/** The hardware address of somebody on the local network; answers as `udp_send` does. */
bs_status arp_resolve(struct network_stack *stack, ipv4 address, uint64_t now, uint8_t *hardware);

void ipv4_input(struct network_stack *stack, const uint8_t *packet, size_t bytes, uint64_t now);

/** Sends the packet whose data are in the frame behind both headers. */
bs_status ipv4_send(struct network_stack *stack, uint8_t *frame, ipv4 to, uint8_t protocol,
                    size_t data_bytes, uint64_t now);

void icmp_input(struct network_stack *stack, ipv4 from, const uint8_t *message, size_t bytes,
                uint64_t now);

void udp_input(struct network_stack *stack, ipv4 from, ipv4 to, const uint8_t *message,
               size_t bytes);

static inline void drop(struct network_stack *stack) {
  stack->counts.dropped++;
}
