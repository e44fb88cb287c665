// Devices and io_poll.
#include "check.h"
#include "subjects.h"

static void test_open(void) {
  test_begin("io_open: the console by both names, paths that are refused, a full table");
  bs_handle io = 0, many[BS_MAX_IO_HANDLES];
  char long_path[300];
  for (unsigned i = 0; i < 300; i++)
    long_path[i] = 'a';
  check_status(bs_io_open("serial", BS_IO_FOR_WRITE, &io), BS_OK);
  check_status(bs_io_close(io), BS_OK);
  check_status(bs_io_open("nothing", BS_IO_FOR_READ, &io), BS_NOENT);
  check_status(bs_io_open("", BS_IO_FOR_READ, &io), BS_NOENT);
  check_status(bs_io_open("console", 8, &io), BS_INVALID);
  check_status(bs_io_open(long_path, 0, &io), BS_INVALID);
  check_detail(BS_DETAIL_TEXT, 0);
  check_status(bs_io_open("\xff", 0, &io), BS_INVALID);
  check_status(bs_io_open(NULL, 0, &io), BS_INVALID);
  check_detail(BS_DETAIL_ADDRESS, 0);
  unsigned count = 0;
  while (count < BS_MAX_IO_HANDLES && bs_io_open("console", 0, &many[count]) == BS_OK)
    count++;
  check(count == BS_MAX_IO_HANDLES - 1); // One is the console of the tests.
  check_status(bs_io_open("console", 0, &io), BS_NOMEM);
  check_detail(BS_DETAIL_TABLE_FULL, BS_HANDLE_IO);
  for (unsigned i = 0; i < count; i++)
    check_status(bs_io_close(many[i]), BS_OK);
}

static void test_transfer(void) {
  test_begin("io_read, io_write: rights, lengths, addresses, stale handles");
  bs_handle read_only = 0, write_only = 0;
  uint64_t count = 9;
  char byte = 0;
  check_status(bs_io_open("console", BS_IO_FOR_READ, &read_only), BS_OK);
  check_status(bs_io_open("console", BS_IO_FOR_WRITE, &write_only), BS_OK);
  check_status(bs_io_read(read_only, &byte, 1, &count), BS_WOULD_BLOCK);
  check_status(bs_io_read(read_only, &byte, 0, &count), BS_OK);
  check(count == 0);
  check_status(bs_io_read(write_only, &byte, 1, &count), BS_PERMISSION);
  check_status(bs_io_write(read_only, "x", 1, &count), BS_PERMISSION);
  check_status(bs_io_write(write_only, "# written\n", 10, &count), BS_OK);
  check(count == 10);
  check_status(bs_io_write(write_only, (void *)0x100000, 1, &count), BS_INVALID);
  check_detail(BS_DETAIL_ADDRESS, 1);
  check_status(bs_io_write(write_only, "x", UINT64_MAX, &count), BS_INVALID);
  check_detail(BS_DETAIL_LENGTH, 1);
  check_status(bs_io_write(write_only, "x", 1 << 20, &count), BS_INVALID);
  check_detail(BS_DETAIL_ADDRESS, 1);
  check_status(bs_io_write(write_only, "x", 1, NULL), BS_INVALID);
  check_status(bs_io_read(read_only, (void *)(uintptr_t)test_transfer, 1, &count), BS_INVALID);
  check_status(bs_io_close(read_only), BS_OK);
  check_status(bs_io_close(write_only), BS_OK);
  check_status(bs_io_write(write_only, "x", 1, &count), BS_NOENT);
  check_detail(BS_DETAIL_HANDLE_STALE, 0);
  bs_handle again = 0;
  check_status(bs_io_open("console", BS_IO_FOR_WRITE, &again), BS_OK);
  check(again != write_only && again != read_only);
  check_status(bs_io_write(write_only, "x", 1, &count), BS_NOENT);
  check_status(bs_io_close(again), BS_OK);
}

static void test_poll(void) {
  test_begin("io_poll: ready, not ready, time-outs, no handles, handles that are none");
  bs_handle io = 0, handles[2];
  struct bs_io_event events[2];
  uint32_t count = 9;
  check_status(bs_io_open("console", BS_IO_FOR_READ, &io), BS_OK);
  handles[0] = io;
  handles[1] = 77;
  check_status(bs_io_poll(handles, 1, 0, events, &count), BS_WOULD_BLOCK);
  check_status(bs_io_poll(handles, 1, 1000000, events, &count), BS_TIMEOUT);
  check_status(bs_io_poll(handles, 2, UINT64_MAX, events, &count), BS_OK);
  check(count == 1 && events[0].handle == 77 && events[0].events == BS_IO_ERROR);
  check_status(bs_io_poll(NULL, 0, 0, NULL, &count), BS_WOULD_BLOCK);
  check_status(bs_io_poll(NULL, 0, 1000, NULL, &count), BS_TIMEOUT);
  check_status(bs_io_poll(handles, 33, 0, events, &count), BS_INVALID);
  check_status(bs_io_poll(handles, 1, 0, NULL, &count), BS_INVALID);
  check_detail(BS_DETAIL_ADDRESS, 3);
  check_status(bs_io_poll((bs_handle *)((uintptr_t)handles + 4), 1, 0, events, &count), BS_INVALID);
  check_status(bs_io_close(io), BS_OK);
  check_status(bs_io_open("console", BS_IO_FOR_WRITE, &io), BS_OK);
  check_status(bs_io_poll(&io, 1, UINT64_MAX, events, &count), BS_OK);
  check(count == 1 && events[0].events == BS_IO_WRITABLE);
  check_status(bs_io_close(io), BS_OK);
}

void test_io(void) {
  test_open();
  test_transfer();
  test_poll();
}
