// Datagrams, over QEMU's user network: its gateway serves the file `greeting` by TFTP (RFC 1350).
// On a machine without a network a program is told so.
#include "check.h"
#include "subjects.h"

enum { OWN_PORT = 4000, TFTP_PORT = 69, MS = 1000000 };

/** Longer than any machine takes; it only ends what hangs. */
#define PATIENCE (UINT64_C(60) * 1000 * MS)

static void begin(const char *name) {
  test_begin(name);
  enter(CAP(NET) | CAP(IO) | CAP(TASK) | CAP(TIME));
}

static struct bs_net_address address(uint8_t last, uint16_t port) {
  return (struct bs_net_address){
      .ip4 = {10, 0, 2, last},
      .port = {(uint8_t)(port >> 8), (uint8_t)port},
  };
}

static bs_handle open_socket(void) {
  bs_handle socket = 0;
  check_status(bs_net_socket(2, 2, 17, &socket), BS_OK);
  return socket;
}

static bs_status bind_port(bs_handle socket, uint16_t port) {
  struct bs_net_address own = {.port = {(uint8_t)(port >> 8), (uint8_t)port}};
  return bs_net_bind(socket, &own, sizeof(own));
}

static void test_open(void) {
  begin("net_socket, net_bind: kinds, ports, addresses that are refused, a full table");
  bs_handle many[BS_MAX_NET_HANDLES], more = 0;
  check_status(bs_net_socket(2, 1, 6, &more), BS_UNSUPPORTED);
  check_status(bs_net_socket(10, 2, 17, &more), BS_UNSUPPORTED);
  check_status(bs_net_socket(2, 2, 1, &more), BS_UNSUPPORTED);
  check_status(bs_net_socket(2, 2, 17, NULL), BS_INVALID);
  for (unsigned i = 0; i < BS_MAX_NET_HANDLES; i++)
    many[i] = open_socket();
  check_status(bs_net_socket(2, 2, 17, &more), BS_NOMEM);
  check_status(bind_port(many[0], OWN_PORT), BS_OK);
  check_status(bind_port(many[1], OWN_PORT), BS_BUSY);
  check_status(bind_port(many[1], 0), BS_OK);
  struct bs_net_address other = address(2, OWN_PORT + 1);
  check_status(bs_net_bind(many[1], &other, sizeof(other)), BS_INVALID);
  check_status(bs_net_bind(many[1], &other, 6), BS_INVALID);
  check_status(bs_net_bind(many[1], NULL, sizeof(other)), BS_INVALID);
  for (unsigned i = 0; i < BS_MAX_NET_HANDLES; i++)
    check_status(bs_net_close(many[i]), BS_OK);
  check_status(bs_net_close(many[0]), BS_NOENT);
  check_status(bind_port(many[0], OWN_PORT), BS_NOENT);
}

static void test_loop(void) {
  begin("net_send_to, net_recv_from: datagrams to ourselves, sizes and flags");
  bs_handle from = open_socket(), to = open_socket();
  struct bs_net_address own = address(15, OWN_PORT), sender = {.reserved = {0}};
  struct bs_io_event event;
  uint32_t ready = 0;
  uint64_t count = 9;
  char text[8] = {0};
  static char large[1473];
  check_status(bind_port(to, OWN_PORT), BS_OK);
  check_status(bind_port(from, OWN_PORT + 1), BS_OK);
  check_status(bs_net_recv_from(to, text, 8, &sender, BS_NET_NONBLOCKING, &count), BS_WOULD_BLOCK);
  check_status(bs_net_send_to(from, "hello", 5, &own, 0, &count), BS_OK);
  check(count == 5);
  check_status(bs_io_poll(&to, 1, UINT64_MAX, &event, &ready), BS_OK);
  check(ready == 1 && event.events == (BS_IO_READABLE | BS_IO_WRITABLE));
  check_status(bs_net_recv_from(to, text, 3, &sender, 0, &count), BS_OK);
  check(count == 5 && text[0] == 'h' && text[2] == 'l' && text[3] == 0);
  check(sender.ip4[3] == 15 && sender.port[0] == (OWN_PORT + 1) >> 8 &&
        sender.port[1] == (uint8_t)(OWN_PORT + 1));
  check_status(bs_net_send_to(from, large, sizeof(large), &own, 0, &count), BS_RANGE);
  check_status(bs_net_send_to(from, large, sizeof(large) - 1, &own, 0, &count), BS_OK);
  check_status(bs_net_recv_from(to, large, sizeof(large), &sender, 0, &count), BS_OK);
  check(count == sizeof(large) - 1);
  struct bs_net_address nobody = address(15, 0);
  check_status(bs_net_send_to(from, "x", 1, &nobody, 0, &count), BS_INVALID);
  check_status(bs_net_send_to(from, (void *)0x100000, 1, &own, 0, &count), BS_INVALID);
  check_status(bs_net_send(from, "x", 1, 0, &count), BS_INVALID);
  check_status(bs_net_recv(from, text, 1, 0, &count), BS_INVALID);
  check_status(bs_net_close(from), BS_OK);
  check_status(bs_net_close(to), BS_OK);
}

static void wait_in_receive(uint64_t socket) {
  char byte;
  uint64_t count;
  struct bs_net_address sender;
  bs_net_recv_from(socket, &byte, 1, &sender, 0, &count);
  bs_task_exit(byte);
}

/** Starts a task that may use the network and waits for a datagram. */
static bs_handle spawn_receiver(bs_handle socket) {
  bs_handle task = 0;
  bs_handle set[] = {cap_handle(BS_CAP_NET), cap_handle(BS_CAP_TASK)};
  check_status(bs_task_spawn((uint64_t)(uintptr_t)wait_in_receive, socket, set, 2, 0, &task),
               BS_OK);
  return task;
}

static void test_wait(void) {
  begin("net_recv_from: who waits is woken by what comes, and can be killed");
  bs_handle to = open_socket();
  struct bs_net_address own = address(15, OWN_PORT);
  uint64_t count;
  check_status(bind_port(to, OWN_PORT), BS_OK);
  bs_handle waiting = spawn_receiver(to);
  bs_task_sleep(MS);
  check_status(bs_task_kill(waiting, 5), BS_OK);
  check_end(waiting, BS_TASK_KILLED, 5);
  check_status(bs_net_send_to(to, "*", 1, &own, 0, &count), BS_OK);
  check_end(spawn_receiver(to), BS_TASK_EXITED, '*');
  check_status(bs_net_close(to), BS_OK);
}

/** Asks the gateway for a file until it answers: a question may be lost. */
static uint64_t ask(bs_handle socket, const char *question, size_t bytes, uint8_t *answer,
                    uint64_t most, struct bs_net_address *server) {
  struct bs_net_address gateway = address(2, TFTP_PORT);
  uint64_t start = 0, now = 0, count = 0;
  bs_time_now(&start);
  for (now = start; now - start < PATIENCE; bs_time_now(&now)) {
    struct bs_io_event event;
    uint32_t ready;
    bs_net_send_to(socket, question, bytes, &gateway, 0, &count);
    // Always writable: a look whether something came, then a while.
    bs_io_poll(&socket, 1, 0, &event, &ready);
    for (unsigned i = 0; i < 50; i++) {
      if (bs_net_recv_from(socket, answer, most, server, BS_NET_NONBLOCKING, &count) == BS_OK)
        return count;
      bs_task_sleep(10 * MS);
    }
  }
  return 0;
}

static void test_server(void) {
  begin("a server of the network is asked and answers; net_connect, net_send, net_recv");
  static const char question[] = "\0\1greeting\0octet";
  static const char expected[] = "\0\3\0\1hello from the other side\n";
  bs_handle socket = open_socket();
  struct bs_net_address server = {.reserved = {0}};
  uint8_t answer[600] = {0};
  uint64_t count = 0;
  uint64_t bytes = ask(socket, question, sizeof(question), answer, sizeof(answer), &server);
  check(bytes == sizeof(expected) - 1);
  for (unsigned i = 0; i < sizeof(expected) - 1; i++)
    check(answer[i] == (uint8_t)expected[i]);
  check(server.ip4[0] == 10 && server.ip4[3] == 2);
  check_status(bs_net_connect(socket, &server, sizeof(server)), BS_OK);
  check_status(bs_net_send(socket, "\0\4\0\1", 4, 0, &count), BS_OK);
  check(count == 4);
  check_status(bs_net_recv(socket, answer, 1, BS_NET_NONBLOCKING, &count), BS_WOULD_BLOCK);
  struct bs_net_address nobody = {.reserved = {0}};
  check_status(bs_net_connect(socket, &nobody, sizeof(nobody)), BS_INVALID);
  check_status(bs_net_close(socket), BS_OK);
}

void test_network(void) {
  bs_handle socket;
  enter(CAP(NET) | CAP(IO) | CAP(TASK) | CAP(TIME));
  if (bs_net_socket(2, 2, 17, &socket) == BS_UNSUPPORTED) return;
  bs_net_close(socket);
  test_open();
  test_loop();
  test_wait();
  test_server();
}
