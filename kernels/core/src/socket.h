// What net_socket opens: a socket for datagrams.
#pragma once

#include "object.h"
#include "task.h"

#include <network/udp.h>

struct socket {
  struct object object;
  /** What the interface calls it. */
  unsigned number;
  /** Whom it is connected to; port 0 for nobody. */
  ipv4 peer;
  uint16_t peer_port;
};

/** Opens a socket at a free port. BS_UNSUPPORTED without a network, BS_NOMEM where all are open. */
bs_status socket_open(struct socket **out);

void socket_release(void *socket);

/** Bits of io_events that hold now. */
unsigned socket_events(const struct socket *socket);
