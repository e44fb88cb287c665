// Hardware addresses of neighbours (RFC 826). Only who was asked, or asks us, is believed: nobody
// fills the table with what nobody wanted to know.
#include "wire.h"

enum { ARP_BYTES = 28, QUESTION = 1, ANSWER = 2 };

/** How long an address holds, how long a question waits, and how many are asked. */
#define LIFETIME (UINT64_C(60) * 1000000000)
#define PATIENCE UINT64_C(1000000000)

enum { QUESTIONS = 3 };

static const uint8_t EVERYBODY[ETHERNET_ADDRESS_BYTES] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

static struct neighbour *find(struct network_stack *stack, ipv4 address) {
  for (unsigned i = 0; i < NETWORK_NEIGHBOURS; i++) {
    struct neighbour *each = &stack->neighbours[i];
    if (each->used && each->address == address) return each;
  }
  return NULL;
}

/** Room for a neighbour: unused, or else that of whom was not heard of for longest. */
static struct neighbour *make(struct network_stack *stack, ipv4 address) {
  struct neighbour *oldest = &stack->neighbours[0];
  for (unsigned i = 0; i < NETWORK_NEIGHBOURS && oldest->used; i++) {
    struct neighbour *each = &stack->neighbours[i];
    if (!each->used || each->time < oldest->time) oldest = each;
  }
  *oldest = (struct neighbour){.address = address, .used = true};
  return oldest;
}

static void learn(struct neighbour *neighbour, const uint8_t *hardware, uint64_t now) {
  copy_bytes(neighbour->hardware, hardware, ETHERNET_ADDRESS_BYTES);
  neighbour->known = true;
  neighbour->questions = 0;
  neighbour->time = now;
}

static bs_status send_arp(struct network_stack *stack, uint16_t operation, const uint8_t *to,
                          ipv4 address) {
  uint8_t frame[ETHERNET_HEADER + ARP_BYTES] = {0};
  uint8_t *packet = frame + ETHERNET_HEADER;
  store16(packet, 1);
  store16(packet + 2, ETHERNET_IPV4);
  packet[4] = ETHERNET_ADDRESS_BYTES;
  packet[5] = sizeof(ipv4);
  store16(packet + 6, operation);
  copy_bytes(packet + 8, stack->settings.hardware, ETHERNET_ADDRESS_BYTES);
  store32(packet + 14, stack->settings.address);
  if (operation == ANSWER) copy_bytes(packet + 18, to, ETHERNET_ADDRESS_BYTES);
  store32(packet + 24, address);
  return ethernet_send(stack, frame, sizeof frame, to, ETHERNET_ARP);
}

void arp_input(struct network_stack *stack, const uint8_t *packet, size_t bytes, uint64_t now) {
  bool known_form = bytes >= ARP_BYTES && load16(packet) == 1 &&
                    load16(packet + 2) == ETHERNET_IPV4 && packet[4] == ETHERNET_ADDRESS_BYTES &&
                    packet[5] == sizeof(ipv4);
  if (!known_form || (packet[8] & 1) != 0) {
    drop(stack);
    return;
  }
  ipv4 from = load32(packet + 14);
  bool to_us = load32(packet + 24) == stack->settings.address;
  bool near = ((from ^ stack->settings.address) & stack->settings.mask) == 0;
  bool asks = load16(packet + 6) == QUESTION && to_us;
  struct neighbour *neighbour = find(stack, from);
  if (!near || from == stack->settings.address || (neighbour == NULL && !asks)) {
    drop(stack);
    return;
  }
  learn(neighbour != NULL ? neighbour : make(stack, from), packet + 8, now);
  // An answer that is lost is asked for again.
  if (asks) send_arp(stack, ANSWER, packet + 8, from);
}

bs_status arp_resolve(struct network_stack *stack, ipv4 address, uint64_t now, uint8_t *hardware) {
  struct neighbour *neighbour = find(stack, address);
  if (neighbour != NULL && neighbour->known && now - neighbour->time < LIFETIME) {
    copy_bytes(hardware, neighbour->hardware, ETHERNET_ADDRESS_BYTES);
    return BS_OK;
  }
  if (neighbour == NULL) neighbour = make(stack, address);
  neighbour->known = false;
  bool waits = neighbour->questions > 0 && now - neighbour->time < PATIENCE;
  if (waits) return BS_WOULD_BLOCK;
  if (neighbour->questions == QUESTIONS) {
    // The next call asks anew.
    neighbour->used = false;
    return BS_TIMEOUT;
  }
  bs_status status = send_arp(stack, QUESTION, EVERYBODY, address);
  if (status != BS_OK) return status;
  neighbour->questions++;
  neighbour->time = now;
  return BS_WOULD_BLOCK;
}
