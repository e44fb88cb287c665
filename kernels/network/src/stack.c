// The interface itself: what comes in, by kind of frame.
#include "wire.h"

static bool is_mask(ipv4 mask) {
  ipv4 holes = ~mask;
  return (holes & (holes + 1)) == 0;
}

/** Whether an interface may have an address: no network's own, no broadcast, no group, not 0 or
 * 127. */
static bool is_host(ipv4 address, ipv4 mask) {
  ipv4 host = address & ~mask;
  bool whole = mask < UINT32_MAX - 1;
  if (whole && (host == 0 || host == ~mask)) return false;
  return address >> 24 != 0 && address >> 24 != 127 && address >> 28 < 14;
}

bs_status network_open(struct network_stack *stack, const struct network_settings *settings) {
  ipv4 mask = settings->mask;
  if (!is_mask(mask) || mask == 0 || !is_host(settings->address, mask)) return BS_INVALID;
  bool near = ((settings->gateway ^ settings->address) & mask) == 0;
  if (settings->gateway != 0 && (!near || !is_host(settings->gateway, mask))) return BS_INVALID;
  // In place: as a value of its own it would not fit the stack of a kernel.
  __builtin_memset(stack, 0, sizeof *stack);
  stack->settings = *settings;
  stack->next_port = 49152;
  return BS_OK;
}

bs_status ethernet_send(struct network_stack *stack, uint8_t *frame, size_t bytes,
                        const uint8_t *to, uint16_t kind) {
  copy_bytes(frame, to, ETHERNET_ADDRESS_BYTES);
  copy_bytes(frame + 6, stack->settings.hardware, ETHERNET_ADDRESS_BYTES);
  store16(frame + 12, kind);
  return stack->settings.send(stack->settings.context, frame, bytes);
}

/** Whether a frame is for all or for this interface. */
static bool is_for_us(const struct network_stack *stack, const uint8_t *to) {
  bool all = true;
  bool own = true;
  for (unsigned i = 0; i < ETHERNET_ADDRESS_BYTES; i++) {
    all &= to[i] == 0xff;
    own &= to[i] == stack->settings.hardware[i];
  }
  return all || own;
}

void network_input(struct network_stack *stack, const uint8_t *frame, size_t bytes, uint64_t now) {
  stack->counts.frames++;
  if (bytes < ETHERNET_HEADER || bytes > ETHERNET_FRAME_BYTES || !is_for_us(stack, frame)) {
    drop(stack);
    return;
  }
  const uint8_t *packet = frame + ETHERNET_HEADER;
  size_t rest = bytes - ETHERNET_HEADER;
  uint16_t kind = load16(frame + 12);
  if (kind == ETHERNET_ARP)
    arp_input(stack, packet, rest, now);
  else if (kind == ETHERNET_IPV4)
    ipv4_input(stack, packet, rest, now);
  else
    drop(stack);
}
