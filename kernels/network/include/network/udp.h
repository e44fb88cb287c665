// Datagrams (RFC 768).
#pragma once

#include "network/stack.h"

/** Opens a socket at a port, or at a free one above 49151 where it is 0. BS_BUSY where the port is
 * taken, BS_NOMEM where all sockets are. */
bs_status udp_open(struct network_stack *stack, uint16_t port, unsigned *socket);

/** Moves a socket to another port. BS_BUSY where that is taken. */
bs_status udp_bind(struct network_stack *stack, unsigned socket, uint16_t port);

/** The port of a socket. */
uint16_t udp_port(const struct network_stack *stack, unsigned socket);

/** Closes a socket; what waited there is gone. */
void udp_close(struct network_stack *stack, unsigned socket);

/** Sends a datagram. BS_WOULD_BLOCK while the hardware address of the next hop is asked for: call
 * again when frames came in or a second went by. BS_TIMEOUT where nobody answers, BS_RANGE for more
 * than UDP_DATA_BYTES, BS_NOENT where no route leads there, BS_INVALID for port 0. */
bs_status udp_send(struct network_stack *stack, unsigned socket, ipv4 to, uint16_t to_port,
                   const void *data, size_t bytes, uint64_t now);

/** Takes the datagram that came first; what is longer than `most` is cut, and `*bytes` is what it
 * was. BS_WOULD_BLOCK where none is there. */
bs_status udp_receive(struct network_stack *stack, unsigned socket, void *data, size_t most,
                      size_t *bytes, ipv4 *from, uint16_t *from_port);

/** Whether a datagram waits. */
bool udp_is_readable(const struct network_stack *stack, unsigned socket);
