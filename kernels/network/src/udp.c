// Datagrams between sockets. What waits for being received is in one pool, of which a socket may
// take a part, so that one that nobody reads does not stop the others.
#include "network/udp.h"

#include "wire.h"

enum { FIRST_FREE_PORT = 49152 };

static bool is_taken(const struct network_stack *stack, uint16_t port) {
  for (unsigned i = 0; i < NETWORK_SOCKETS; i++)
    if (stack->sockets[i].open && stack->sockets[i].port == port) return true;
  return false;
}

/** A port that no socket has; there are more ports than sockets. */
static uint16_t free_port(struct network_stack *stack) {
  uint16_t port;
  do {
    port = stack->next_port;
    stack->next_port = port == UINT16_MAX ? FIRST_FREE_PORT : (uint16_t)(port + 1);
  } while (is_taken(stack, port));
  return port;
}

bs_status udp_open(struct network_stack *stack, uint16_t port, unsigned *socket) {
  if (port != 0 && is_taken(stack, port)) return BS_BUSY;
  for (unsigned i = 0; i < NETWORK_SOCKETS; i++) {
    if (stack->sockets[i].open) continue;
    stack->sockets[i].open = true;
    stack->sockets[i].port = port != 0 ? port : free_port(stack);
    *socket = i;
    return BS_OK;
  }
  return BS_NOMEM;
}

bs_status udp_bind(struct network_stack *stack, unsigned socket, uint16_t port) {
  if (port == stack->sockets[socket].port || port == 0) return BS_OK;
  if (is_taken(stack, port)) return BS_BUSY;
  stack->sockets[socket].port = port;
  return BS_OK;
}

uint16_t udp_port(const struct network_stack *stack, unsigned socket) {
  return stack->sockets[socket].port;
}

void udp_close(struct network_stack *stack, unsigned socket) {
  stack->sockets[socket].open = false;
  for (unsigned i = 0; i < NETWORK_DATAGRAMS; i++)
    if (stack->datagrams[i].socket == socket + 1) stack->datagrams[i].socket = 0;
}

/** The sum over addresses, protocol and length that a checksum includes. */
static uint32_t pseudo_sum(ipv4 from, ipv4 to, size_t bytes) {
  uint8_t header[12] = {0};
  store32(header, from);
  store32(header + 4, to);
  header[9] = IPV4_UDP;
  store16(header + 10, (uint16_t)bytes);
  return add_words(0, header, sizeof header);
}

/** Room for a datagram of a socket, or NULL. */
static struct datagram *make(struct network_stack *stack, unsigned socket) {
  struct datagram *room = NULL;
  unsigned waiting = 0;
  for (unsigned i = 0; i < NETWORK_DATAGRAMS; i++) {
    struct datagram *each = &stack->datagrams[i];
    if (each->socket == 0) room = each;
    waiting += each->socket == socket + 1;
  }
  return waiting < NETWORK_DATAGRAMS_OF_SOCKET ? room : NULL;
}

static void deliver(struct network_stack *stack, ipv4 from, uint16_t from_port, uint16_t to_port,
                    const uint8_t *data, size_t bytes) {
  unsigned socket = 0;
  while (socket < NETWORK_SOCKETS &&
         (!stack->sockets[socket].open || stack->sockets[socket].port != to_port))
    socket++;
  if (socket == NETWORK_SOCKETS || bytes > UDP_DATA_BYTES) {
    drop(stack);
    return;
  }
  struct datagram *datagram = make(stack, socket);
  if (datagram == NULL) {
    stack->counts.overflowed++;
    return;
  }
  datagram->from = from;
  datagram->from_port = from_port;
  datagram->bytes = (uint16_t)bytes;
  datagram->socket = (uint16_t)(socket + 1);
  datagram->number = stack->arrivals++;
  copy_bytes(datagram->data, data, bytes);
}

void udp_input(struct network_stack *stack, ipv4 from, ipv4 to, const uint8_t *message,
               size_t bytes) {
  size_t length = bytes < UDP_HEADER ? 0 : load16(message + 4);
  if (length < UDP_HEADER || length > bytes || load16(message) == 0) {
    drop(stack);
    return;
  }
  // A checksum of 0 says that there is none.
  bool checked = load16(message + 6) != 0;
  if (checked && fold(add_words(pseudo_sum(from, to, length), message, length)) != 0) {
    drop(stack);
    return;
  }
  deliver(stack, from, load16(message), load16(message + 2), message + UDP_HEADER,
          length - UDP_HEADER);
}

bs_status udp_send(struct network_stack *stack, unsigned socket, ipv4 to, uint16_t to_port,
                   const void *data, size_t bytes, uint64_t now) {
  uint8_t frame[ETHERNET_FRAME_BYTES];
  uint8_t *message = frame + ETHERNET_HEADER + IPV4_HEADER;
  size_t length = UDP_HEADER + bytes;
  if (to_port == 0) return BS_INVALID;
  if (bytes > UDP_DATA_BYTES) return BS_RANGE;
  uint16_t port = stack->sockets[socket].port;
  if (to == stack->settings.address) {
    deliver(stack, to, port, to_port, data, bytes);
    return BS_OK;
  }
  store16(message, port);
  store16(message + 2, to_port);
  store16(message + 4, (uint16_t)length);
  store16(message + 6, 0);
  copy_bytes(message + UDP_HEADER, data, bytes);
  uint32_t sum = pseudo_sum(stack->settings.address, to, length);
  uint16_t checksum = fold(add_words(sum, message, length));
  store16(message + 6, checksum == 0 ? 0xffff : checksum);
  return ipv4_send(stack, frame, to, IPV4_UDP, length, now);
}

/** The datagram of a socket that came first, or NULL. */
static struct datagram *first(struct network_stack *stack, unsigned socket) {
  struct datagram *found = NULL;
  for (unsigned i = 0; i < NETWORK_DATAGRAMS; i++) {
    struct datagram *each = &stack->datagrams[i];
    if (each->socket == socket + 1 && (found == NULL || each->number < found->number)) found = each;
  }
  return found;
}

bs_status udp_receive(struct network_stack *stack, unsigned socket, void *data, size_t most,
                      size_t *bytes, ipv4 *from, uint16_t *from_port) {
  struct datagram *datagram = first(stack, socket);
  if (datagram == NULL) return BS_WOULD_BLOCK;
  copy_bytes(data, datagram->data, datagram->bytes < most ? datagram->bytes : most);
  *bytes = datagram->bytes;
  *from = datagram->from;
  *from_port = datagram->from_port;
  datagram->socket = 0;
  return BS_OK;
}

bool udp_is_readable(const struct network_stack *stack, unsigned socket) {
  for (unsigned i = 0; i < NETWORK_DATAGRAMS; i++)
    if (stack->datagrams[i].socket == socket + 1) return true;
  return false;
}
