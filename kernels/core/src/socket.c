// Sockets of the interface as objects that handles name.
#include "socket.h"

#include "interface.h"

bs_status socket_open(struct socket **out) {
  if (interface_stack() == NULL) return BS_UNSUPPORTED;
  struct socket *socket = object_take();
  if (socket == NULL) return BS_NOMEM;
  bs_status status = udp_open(interface_stack(), 0, &socket->number);
  if (status != BS_OK) {
    object_give(socket);
    return status;
  }
  *out = socket;
  return BS_OK;
}

void socket_release(void *object) {
  struct socket *socket = object;
  if (!object_released(socket)) return;
  udp_close(interface_stack(), socket->number);
  object_give(socket);
}

unsigned socket_events(const struct socket *socket) {
  bool readable = udp_is_readable(interface_stack(), socket->number);
  return (readable ? BS_IO_READABLE : 0u) | BS_IO_WRITABLE;
}
