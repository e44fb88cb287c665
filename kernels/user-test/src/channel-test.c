// Channels: order, waiting, bounds, handles that go along.
#include "check.h"
#include "subjects.h"

static bs_handle open_channel(void) {
  bs_handle channel = 0;
  check_status(bs_ipc_channel_create(0, &channel), BS_OK);
  return channel;
}

static void test_order(void) {
  test_begin("ipc_send, ipc_recv: messages keep their order and size");
  bs_handle channel = open_channel();
  uint64_t got = 0, read = 0;
  for (uint64_t i = 0; i < BS_MAX_IPC_MESSAGES; i++)
    check_status(bs_ipc_send(channel, &i, 8, BS_IPC_NONBLOCKING), BS_OK);
  check_status(bs_ipc_send(channel, &got, 8, BS_IPC_NONBLOCKING), BS_WOULD_BLOCK);
  for (uint64_t i = 0; i < BS_MAX_IPC_MESSAGES; i++) {
    check_status(bs_ipc_recv(channel, &got, 8, &read, 0), BS_OK);
    check(got == i && read == 8);
  }
  check_status(bs_ipc_recv(channel, &got, 8, &read, BS_IPC_NONBLOCKING), BS_WOULD_BLOCK);
  check_status(bs_ipc_send(channel, NULL, 0, 0), BS_OK);
  check_status(bs_ipc_recv(channel, NULL, 0, &read, 0), BS_OK);
  check(read == 0);
  check_status(bs_ipc_close(channel), BS_OK);
}

static void test_sizes(void) {
  test_begin("ipc_recv: a buffer that is too small leaves the message and tells its size");
  static uint8_t large[4032], back[4032];
  bs_handle channel = open_channel();
  uint64_t read = 0;
  for (unsigned i = 0; i < sizeof(large); i++)
    large[i] = (uint8_t)(i * 7);
  check_status(bs_ipc_send(channel, large, sizeof(large), 0), BS_OK);
  check_status(bs_ipc_recv(channel, back, sizeof(back) - 1, &read, 0), BS_RANGE);
  check(read == sizeof(large));
  check_status(bs_ipc_recv(channel, back, sizeof(back), &read, 0), BS_OK);
  bool same = true;
  for (unsigned i = 0; i < sizeof(large); i++)
    same &= large[i] == back[i];
  check(same);
  check_status(bs_ipc_send(channel, large, sizeof(large) + 1, 0), BS_INVALID);
  check_detail(BS_DETAIL_LENGTH, 1);
  check_status(bs_ipc_send(channel, large, UINT64_MAX, 0), BS_INVALID);
  check_status(bs_ipc_send(channel, (void *)8, 8, 0), BS_INVALID);
  check_status(bs_ipc_send(channel, large, 8, 4), BS_INVALID);
  check_status(bs_ipc_close(channel), BS_OK);
}

static void echoes(uint64_t channels) {
  const bs_handle *both = (const bs_handle *)(uintptr_t)channels;
  uint64_t value, read;
  while (bs_ipc_recv(both[0], &value, sizeof(value), &read, 0) == BS_OK) {
    value += 1;
    if (bs_ipc_send(both[1], &value, sizeof(value), 0) != BS_OK) bs_task_exit(2);
  }
  bs_task_exit(0);
}

static void test_waiting(void) {
  test_begin("ipc_send, ipc_recv wait for each other; a close ends the waiting");
  bs_handle channels[2] = {open_channel(), open_channel()};
  bs_handle task = spawn(echoes, (uint64_t)(uintptr_t)channels);
  uint64_t value = 0, read = 0;
  for (uint64_t i = 0; i < 200; i++) {
    check_status(bs_ipc_send(channels[0], &i, sizeof(i), 0), BS_OK);
    check_status(bs_ipc_recv(channels[1], &value, sizeof(value), &read, 0), BS_OK);
    check(value == i + 1);
  }
  check_status(bs_ipc_close(channels[0]), BS_OK);
  check_end(task, BS_TASK_EXITED, 0);
  check_status(bs_ipc_send(channels[0], &value, 8, 0), BS_NOENT);
  check_status(bs_ipc_close(channels[0]), BS_NOENT);
  check_status(bs_ipc_close(channels[1]), BS_OK);
}

static void fills(uint64_t channel) {
  uint64_t value = 1;
  bs_status status = BS_OK;
  while (status == BS_OK)
    status = bs_ipc_send(channel, &value, sizeof(value), 0);
  bs_task_exit((int32_t)status);
}

static void test_closed(void) {
  test_begin("ipc_close: a sender that waits is told; a killed one leaves nothing behind");
  bs_handle channel = open_channel();
  bs_handle task = spawn(fills, channel), killed = spawn(fills, channel);
  struct bs_io_event event;
  uint32_t count = 0;
  do
    check_status(bs_io_poll(&channel, 1, UINT64_MAX, &event, &count), BS_OK);
  while ((event.events & BS_IO_WRITABLE) != 0);
  check(event.events == BS_IO_READABLE);
  check_status(bs_task_kill(killed, 5), BS_OK);
  check_end(killed, BS_TASK_KILLED, 5);
  check_status(bs_ipc_close(channel), BS_OK);
  // One that does not wait at this moment finds its handle stale when it sends again.
  struct bs_task_end end = {0};
  check_status(bs_task_wait(task, UINT64_MAX, &end), BS_OK);
  check(end.kind == BS_TASK_EXITED && (end.code == BS_CLOSED || end.code == BS_NOENT));
}

static void test_transfer(void) {
  test_begin("ipc_send with a handle: the receiver has one of its own for the same object");
  bs_handle channel = open_channel(), inner = open_channel(), got = 0;
  uint64_t value = 99, read = 0;
  check_status(bs_ipc_send(channel, &inner, 8, BS_IPC_TRANSFER), BS_OK);
  check_status(bs_ipc_recv(channel, &got, 8, &read, 0), BS_OK);
  check(got != inner && got >> 56 == BS_HANDLE_IPC);
  check_status(bs_ipc_send(got, &value, 8, 0), BS_OK);
  value = 0;
  check_status(bs_ipc_recv(inner, &value, 8, &read, 0), BS_OK);
  check(value == 99);
  bs_handle bad[] = {0, 77, inner ^ 1, cap_handle(BS_CAP_IO) ^ 1};
  static const bs_status answers[] = {BS_INVALID, BS_INVALID, BS_NOENT, BS_NOENT};
  for (unsigned i = 0; i < 4; i++)
    check_status(bs_ipc_send(channel, &bad[i], 8, BS_IPC_TRANSFER), answers[i]);
  check_status(bs_ipc_send(channel, &inner, 7, BS_IPC_TRANSFER), BS_INVALID);
  // What nobody receives goes with its channel.
  check_status(bs_ipc_send(channel, &inner, 8, BS_IPC_TRANSFER), BS_OK);
  check_status(bs_ipc_close(channel), BS_OK);
  check_status(bs_ipc_close(inner), BS_OK);
  check_status(bs_ipc_recv(got, &value, 8, &read, 0), BS_CLOSED);
  check_status(bs_ipc_close(got), BS_OK);
}

static void takes_capability(uint64_t channel) {
  uint64_t now, read;
  bs_handle cap = 0;
  bool good = bs_time_now(&now) == BS_PERMISSION;
  good = good && bs_ipc_recv(channel, &cap, sizeof(cap), &read, 0) == BS_OK;
  good = good && bs_cap_enter(&cap, 1) == BS_OK && bs_time_now(&now) == BS_OK;
  bs_task_exit(good ? 0 : 1);
}

static void test_capability(void) {
  test_begin("ipc_send with a capability: who receives it may use it");
  bs_handle channel = open_channel(), cap = cap_handle(BS_CAP_TIME), task = 0;
  bs_handle set[1] = {cap_handle(BS_CAP_IPC)};
  uint64_t entry = (uint64_t)(uintptr_t)takes_capability;
  check_status(bs_task_spawn(entry, channel, set, 1, 0, &task), BS_OK);
  check_status(bs_ipc_send(channel, &cap, sizeof(cap), BS_IPC_TRANSFER), BS_OK);
  check_end(task, BS_TASK_EXITED, 0);
  check_status(bs_ipc_close(channel), BS_OK);
}

static void test_full(void) {
  test_begin("ipc_channel_create: a full table and flags are refused");
  bs_handle many[BS_MAX_IPC_HANDLES], more = 0;
  for (unsigned i = 0; i < BS_MAX_IPC_HANDLES; i++)
    many[i] = open_channel();
  check_status(bs_ipc_channel_create(0, &more), BS_NOMEM);
  check_detail(BS_DETAIL_TABLE_FULL, BS_HANDLE_IPC);
  for (unsigned i = 0; i < BS_MAX_IPC_HANDLES; i++)
    check_status(bs_ipc_close(many[i]), BS_OK);
  check_status(bs_ipc_channel_create(1, &more), BS_INVALID);
}

void test_channels(void) {
  test_order();
  test_sizes();
  test_waiting();
  test_closed();
  test_transfer();
  test_capability();
  test_full();
}
