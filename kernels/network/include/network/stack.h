// A network interface with one IPv4 address: Ethernet frames in, frames out (RFC 826, 791, 792). It
// never waits and allocates nothing; whoever owns it calls with one call at a time.
#pragma once

#include "basalt/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  ETHERNET_ADDRESS_BYTES = 6,
  ETHERNET_FRAME_BYTES = 1514,
  NETWORK_NEIGHBOURS = 16,
  NETWORK_SOCKETS = 16,
  /** Datagrams that wait for being received, of all sockets and of one. */
  NETWORK_DATAGRAMS = 32,
  NETWORK_DATAGRAMS_OF_SOCKET = 8,
  /** Data of a datagram that is not taken apart: what an Ethernet frame holds. */
  UDP_DATA_BYTES = 1472,
};

/** An IPv4 address as a number: 10.0.2.15 is 0x0a00020f. */
typedef uint32_t ipv4;

/** What the interface is told of its network. */
struct network_settings {
  ipv4 address;
  /** Ones for the bits that all addresses of the local network share. */
  ipv4 mask;
  /** Where other networks are reached; 0 for none. */
  ipv4 gateway;
  uint8_t hardware[ETHERNET_ADDRESS_BYTES];
  /** Sends a frame; what it says is what the caller of the sending function gets. */
  bs_status (*send)(void *context, const uint8_t *frame, size_t bytes);
  void *context;
};

/** Somebody on the local network whose hardware address is known or asked for. */
struct neighbour {
  ipv4 address;
  bool used;
  bool known;
  uint8_t hardware[ETHERNET_ADDRESS_BYTES];
  /** When it was last heard of or, while it is not known, last asked. */
  uint64_t time;
  unsigned questions;
};

/** A datagram that came in. */
struct datagram {
  ipv4 from;
  uint16_t from_port;
  uint16_t bytes;
  /** 1 + the socket that it is for; 0 for room. */
  uint16_t socket;
  /** Order of coming. */
  uint64_t number;
  uint8_t data[UDP_DATA_BYTES];
};

/** What came in and went another way than to a socket. */
struct network_counts {
  uint64_t frames;
  /** Not understood, not for this interface, or wrong in lengths or checksums. */
  uint64_t dropped;
  /** Datagrams for which there was no room. */
  uint64_t overflowed;
};

/** An interface. All fields are its functions'. */
struct network_stack {
  struct network_settings settings;
  struct neighbour neighbours[NETWORK_NEIGHBOURS];
  struct {
    bool open;
    uint16_t port;
  } sockets[NETWORK_SOCKETS];
  struct datagram datagrams[NETWORK_DATAGRAMS];
  uint64_t arrivals;
  uint16_t identification;
  uint16_t next_port;
  struct network_counts counts;
};

/** Makes an interface. BS_INVALID for an address that no interface has, a mask with holes, or a
 * gateway that is not on the local network. */
bs_status network_open(struct network_stack *stack, const struct network_settings *settings);

/** Takes a frame that came in at `now` (nanoseconds). It may send answers. */
void network_input(struct network_stack *stack, const uint8_t *frame, size_t bytes, uint64_t now);

/** Reads ADDRESS/BITS or ADDRESS/BITS,GATEWAY, up to a space or the end, into settings. BS_INVALID
 * for another form. */
bs_status network_read_settings(const char *text, struct network_settings *settings);
