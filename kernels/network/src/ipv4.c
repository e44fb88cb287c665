// Packets (RFC 791), whole ones: a fragment is dropped, and none is made.
#include "wire.h"

enum { LIFETIME = 64, DO_NOT_FRAGMENT = 0x4000, FRAGMENT = 0x3fff };

/** Whether an address is this interface's, or that of all on its network. */
static bool is_own(const struct network_stack *stack, ipv4 address) {
  const struct network_settings *own = &stack->settings;
  return address == own->address || address == IPV4_BROADCAST ||
         address == (own->address | ~own->mask);
}

/** Whether somebody may have sent from an address: no group, no broadcast, not this interface. */
static bool is_sender(const struct network_stack *stack, ipv4 address) {
  return address >> 24 != 0 && address >> 24 != 127 && address >> 28 < 14 &&
         !is_own(stack, address);
}

void ipv4_input(struct network_stack *stack, const uint8_t *packet, size_t bytes, uint64_t now) {
  size_t header = bytes == 0 ? 0 : (size_t)(packet[0] & 0xf) * 4;
  if (bytes < IPV4_HEADER || packet[0] >> 4 != 4 || header < IPV4_HEADER || header > bytes ||
      fold(add_words(0, packet, header)) != 0) {
    drop(stack);
    return;
  }
  size_t total = load16(packet + 2);
  ipv4 from = load32(packet + 12);
  ipv4 to = load32(packet + 16);
  if (total < header || total > bytes || (load16(packet + 6) & FRAGMENT) != 0 ||
      !is_own(stack, to) || !is_sender(stack, from)) {
    drop(stack);
    return;
  }
  const uint8_t *data = packet + header;
  size_t data_bytes = total - header;
  if (packet[9] == IPV4_UDP)
    udp_input(stack, from, to, data, data_bytes);
  else if (packet[9] == IPV4_ICMP && to == stack->settings.address)
    icmp_input(stack, from, data, data_bytes, now);
  else
    drop(stack);
}

/** The hardware address of the next hop. */
static bs_status find_hop(struct network_stack *stack, ipv4 to, uint64_t now, uint8_t *hardware) {
  const struct network_settings *own = &stack->settings;
  bool near = ((to ^ own->address) & own->mask) == 0;
  if (to == IPV4_BROADCAST || to == (own->address | ~own->mask)) {
    for (unsigned i = 0; i < ETHERNET_ADDRESS_BYTES; i++)
      hardware[i] = 0xff;
    return BS_OK;
  }
  if (!near && own->gateway == 0) return BS_NOENT;
  return arp_resolve(stack, near ? to : own->gateway, now, hardware);
}

bs_status ipv4_send(struct network_stack *stack, uint8_t *frame, ipv4 to, uint8_t protocol,
                    size_t data_bytes, uint64_t now) {
  uint8_t hardware[ETHERNET_ADDRESS_BYTES];
  if (to >> 24 == 0 || to >> 24 == 127) return BS_NOENT;
  bs_status status = find_hop(stack, to, now, hardware);
  if (status != BS_OK) return status;
  uint8_t *packet = frame + ETHERNET_HEADER;
  packet[0] = 0x45;
  packet[1] = 0;
  store16(packet + 2, (uint16_t)(IPV4_HEADER + data_bytes));
  store16(packet + 4, stack->identification++);
  store16(packet + 6, DO_NOT_FRAGMENT);
  packet[8] = LIFETIME;
  packet[9] = protocol;
  store16(packet + 10, 0);
  store32(packet + 12, stack->settings.address);
  store32(packet + 16, to);
  store16(packet + 10, fold(add_words(0, packet, IPV4_HEADER)));
  size_t bytes = ETHERNET_HEADER + IPV4_HEADER + data_bytes;
  return ethernet_send(stack, frame, bytes, hardware, ETHERNET_IPV4);
}
