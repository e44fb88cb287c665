// Calls of the network: datagrams.
#include "calls.h"
#include "errors.h"
#include "handles.h"
#include "interface.h"
#include "socket.h"
#include "user-memory.h"

enum { DOMAIN_IPV4 = 2, TYPE_DATAGRAM = 2, PROTOCOL_UDP = 17 };

/** While a neighbour is asked for its hardware address, a sender tries again this often. */
#define RETRY_NS UINT64_C(250000000)

static struct socket *named_socket(const struct task *task, bs_handle handle) {
  bool stale;
  return handle_object(task->process, handle, 1u << BS_HANDLE_NET, &stale);
}

static bs_status read_address(const struct task *task, vaddr from, ipv4 *address, uint16_t *port) {
  struct bs_net_address read;
  bs_status status = user_read(task->process, &read, from, sizeof(read));
  *address = (ipv4)read.ip4[0] << 24 | (ipv4)read.ip4[1] << 16 | (ipv4)read.ip4[2] << 8 |
             (ipv4)read.ip4[3];
  *port = (uint16_t)(read.port[0] << 8 | read.port[1]);
  return status;
}

static bs_status write_address(const struct task *task, vaddr to, ipv4 address, uint16_t port) {
  const struct bs_net_address written = {
      .ip4 = {(uint8_t)(address >> 24), (uint8_t)(address >> 16), (uint8_t)(address >> 8),
              (uint8_t)address},
      .port = {(uint8_t)(port >> 8), (uint8_t)port},
  };
  return user_write(task->process, to, &written, sizeof(written));
}

bs_status call_net_socket(struct task *task, const uint64_t *arguments) {
  bool datagrams = arguments[0] == DOMAIN_IPV4 && arguments[1] == TYPE_DATAGRAM &&
                   (arguments[2] == 0 || arguments[2] == PROTOCOL_UDP);
  if (!datagrams) return BS_UNSUPPORTED;
  struct socket *socket;
  bs_status status = socket_open(&socket);
  if (status == BS_NOMEM) return task_fails(task, BS_NOMEM, BS_DETAIL_MEMORY, 0, 0);
  if (status != BS_OK) return status;
  bs_handle handle;
  status = handle_open(task, BS_HANDLE_NET, socket, &handle);
  if (status != BS_OK) {
    socket_release(socket);
    return status;
  }
  return user_write(task->process, arguments[3], &handle, sizeof(handle));
}

bs_status call_net_bind(struct task *task, const uint64_t *arguments) {
  const struct socket *socket = named_socket(task, arguments[0]);
  ipv4 address;
  uint16_t port;
  bs_status status = read_address(task, arguments[1], &address, &port);
  if (status != BS_OK) return status;
  if (address != 0 && address != interface_stack()->settings.address) return BS_INVALID;
  return udp_bind(interface_stack(), socket->number, port);
}

bs_status call_net_connect(struct task *task, const uint64_t *arguments) {
  struct socket *socket = named_socket(task, arguments[0]);
  ipv4 address;
  uint16_t port;
  bs_status status = read_address(task, arguments[1], &address, &port);
  if (status != BS_OK) return status;
  if (address == 0 || port == 0) return BS_INVALID;
  socket->peer = address;
  socket->peer_port = port;
  return BS_OK;
}

bs_status call_net_close(struct task *task, const uint64_t *arguments) {
  handle_close(task->process, arguments[0]);
  return BS_OK;
}

/** A datagram of a program, to whom. */
struct sending {
  vaddr buffer;
  uint64_t bytes;
  ipv4 to;
  uint16_t to_port;
};

static bs_status send_once(const struct task *task, const struct socket *socket,
                           const struct sending *sending) {
  uint8_t data[UDP_DATA_BYTES];
  if (sending->bytes > UDP_DATA_BYTES) return BS_RANGE;
  bs_status status = user_read(task->process, data, sending->buffer, sending->bytes);
  if (status != BS_OK) return status;
  return udp_send(interface_stack(), socket->number, sending->to, sending->to_port, data,
                  sending->bytes, arch_clock());
}

bs_status call_net_send(struct task *task, const uint64_t *arguments) {
  struct socket *socket = named_socket(task, arguments[0]);
  bool wait = (arguments[3] & BS_NET_NONBLOCKING) == 0;
  if (socket->peer_port == 0) return BS_INVALID;
  const struct sending sending = {arguments[1], arguments[2], socket->peer, socket->peer_port};
  // The socket stays while we wait though its handle may be closed.
  object_retain(socket);
  bs_status status = send_once(task, socket, &sending);
  while (status == BS_WOULD_BLOCK && wait) {
    status = interface_wait(arch_clock() + RETRY_NS);
    if (status != BS_CLOSED) status = send_once(task, socket, &sending);
  }
  socket_release(socket);
  if (status != BS_OK) return status;
  return user_write(task->process, arguments[4], &sending.bytes, sizeof(sending.bytes));
}

bs_status call_net_send_to(struct task *task, const uint64_t *arguments) {
  const struct socket *socket = named_socket(task, arguments[0]);
  struct sending sending = {.buffer = arguments[1], .bytes = arguments[2]};
  bs_status status = read_address(task, arguments[3], &sending.to, &sending.to_port);
  if (status == BS_OK) status = send_once(task, socket, &sending);
  if (status != BS_OK) return status;
  return user_write(task->process, arguments[5], &sending.bytes, sizeof(sending.bytes));
}

/** A datagram that came in. */
struct received {
  uint8_t data[UDP_DATA_BYTES];
  size_t bytes;
  ipv4 from;
  uint16_t from_port;
};

/** Takes the next datagram; of a socket that is connected, from its peer. */
static bs_status receive_once(const struct socket *socket, struct received *received) {
  for (;;) {
    bs_status status =
        udp_receive(interface_stack(), socket->number, received->data, UDP_DATA_BYTES,
                    &received->bytes, &received->from, &received->from_port);
    bool expected = socket->peer_port == 0 ||
                    (received->from == socket->peer && received->from_port == socket->peer_port);
    if (status != BS_OK || expected) return status;
  }
}

static bs_status receive(struct socket *socket, bool wait, struct received *received) {
  object_retain(socket);
  bs_status status = receive_once(socket, received);
  while (status == BS_WOULD_BLOCK && wait) {
    status = interface_wait(UINT64_MAX);
    if (status == BS_OK) status = receive_once(socket, received);
  }
  socket_release(socket);
  return status;
}

/** Gives a program what fits of a datagram, and tells its whole size. */
static bs_status give(const struct task *task, const struct received *received, vaddr buffer,
                      uint64_t length, vaddr size_out) {
  uint64_t bytes = received->bytes;
  bs_status status =
      user_write(task->process, buffer, received->data, bytes < length ? bytes : length);
  if (status != BS_OK) return status;
  return user_write(task->process, size_out, &bytes, sizeof(bytes));
}

bs_status call_net_recv(struct task *task, const uint64_t *arguments) {
  struct socket *socket = named_socket(task, arguments[0]);
  struct received received = {.from_port = 0};
  if (socket->peer_port == 0) return BS_INVALID;
  bs_status status = receive(socket, (arguments[3] & BS_NET_NONBLOCKING) == 0, &received);
  if (status != BS_OK) return status;
  return give(task, &received, arguments[1], arguments[2], arguments[4]);
}

bs_status call_net_recv_from(struct task *task, const uint64_t *arguments) {
  struct socket *socket = named_socket(task, arguments[0]);
  struct received received = {.from_port = 0};
  bs_status status = receive(socket, (arguments[4] & BS_NET_NONBLOCKING) == 0, &received);
  if (status != BS_OK) return status;
  status = give(task, &received, arguments[1], arguments[2], arguments[5]);
  if (status != BS_OK) return status;
  return write_address(task, arguments[3], received.from, received.from_port);
}
