// Files of the image that the boot target puts on a disk. On a machine without one there are none.
#include "check.h"
#include "subjects.h"

static bool is_same(const char *a, const char *b, size_t bytes) {
  for (size_t i = 0; i < bytes; i++)
    if (a[i] != b[i]) return false;
  return true;
}

static void check_stat(const char *path, uint64_t bytes, uint32_t is_directory) {
  struct bs_file_stat stat = {.reserved = 9};
  check_status(bs_file_stat(path, &stat), BS_OK);
  check(stat.bytes == bytes && stat.is_directory == is_directory && stat.reserved == 0);
}

static void test_none(void) {
  test_begin("file_stat, file_list: a machine without an image has an empty root");
  struct bs_file_stat stat;
  char names[8];
  uint64_t count = 9;
  check_stat("/", 0, 1);
  check_status(bs_file_stat("main.py", &stat), BS_NOENT);
  check_status(bs_file_list("", 0, names, sizeof(names), &count), BS_OK);
  check(count == 0);
}

static void test_stat(void) {
  test_begin("file_stat: files, folders, paths that are none");
  struct bs_file_stat stat;
  check_stat("main.py", 15, 0);
  check_stat("/lib/long.txt", 16000, 0);
  check_stat("lib/empty", 0, 0);
  check_stat("lib", 0, 1);
  check_stat("/", 0, 1);
  check_status(bs_file_stat("lib/", &stat), BS_NOENT);
  check_status(bs_file_stat("lib/../main.py", &stat), BS_NOENT);
  check_status(bs_file_stat("\xff", &stat), BS_INVALID);
  check_status(bs_file_stat("main.py", NULL), BS_INVALID);
}

static void test_list(void) {
  test_begin("file_list: names of a folder, from any on, as many as fit");
  char names[32];
  uint64_t count = 9;
  check_status(bs_file_list("", 0, names, sizeof(names), &count), BS_OK);
  check(count == 12 && is_same(names, "lib\0main.py", 12));
  check_status(bs_file_list("/", 1, names, sizeof(names), &count), BS_OK);
  check(count == 8 && is_same(names, "main.py", 8));
  check_status(bs_file_list("lib", 0, names, 14, &count), BS_OK);
  check(count == 6 && is_same(names, "empty", 6));
  check_status(bs_file_list("lib", 2, names, 14, &count), BS_OK);
  check(count == 0);
  check_status(bs_file_list("lib", 1, names, 8, &count), BS_RANGE);
  check_status(bs_file_list("main.py", 0, names, 8, &count), BS_NOENT);
  check_status(bs_file_list("nowhere", 0, names, 8, &count), BS_NOENT);
  check_status(bs_file_list("", 0, (char *)0x100000, 8, &count), BS_INVALID);
}

static void test_read(void) {
  test_begin("io_open, io_read of files: to the end, and no writing");
  char bytes[4096];
  bs_handle file = 0;
  uint64_t count = 9, sum = 0;
  check_status(bs_io_open("main.py", BS_IO_FOR_WRITE, &file), BS_PERMISSION);
  check_status(bs_io_open("lib", BS_IO_FOR_READ, &file), BS_NOENT);
  check_status(bs_io_open("main.py", BS_IO_FOR_READ, &file), BS_OK);
  check_status(bs_io_read(file, bytes, 5, &count), BS_OK);
  check(count == 5 && is_same(bytes, "print", 5));
  check_status(bs_io_read(file, bytes, sizeof(bytes), &count), BS_OK);
  check(count == 10 && is_same(bytes, "(\"hello\")\n", 10));
  check_status(bs_io_read(file, bytes, sizeof(bytes), &count), BS_OK);
  check(count == 0);
  check_status(bs_io_write(file, "x", 1, &count), BS_PERMISSION);
  check_status(bs_io_close(file), BS_OK);
  check_status(bs_io_open("/lib/long.txt", BS_IO_FOR_READ, &file), BS_OK);
  do {
    check_status(bs_io_read(file, bytes, sizeof(bytes), &count), BS_OK);
    for (uint64_t i = 0; i < count; i++)
      check(bytes[i] == "0123456789abcdef"[(sum + i) % 16]);
    sum += count;
  } while (count > 0);
  check(sum == 16000);
  check_status(bs_io_close(file), BS_OK);
}

static void test_seek(void) {
  test_begin("file_seek: from start, position and end, and not beyond");
  char byte = 0;
  bs_handle file = 0, console = 0;
  uint64_t position = 9, count = 0;
  check_status(bs_io_open("lib/long.txt", BS_IO_FOR_READ, &file), BS_OK);
  check_status(bs_file_seek(file, 15990, BS_SEEK_START, &position), BS_OK);
  check_status(bs_io_read(file, &byte, 1, &count), BS_OK);
  check(position == 15990 && byte == '6');
  check_status(bs_file_seek(file, -2, BS_SEEK_HERE, &position), BS_OK);
  check(position == 15989);
  check_status(bs_file_seek(file, 0, BS_SEEK_END, &position), BS_OK);
  check(position == 16000);
  check_status(bs_file_seek(file, 1, BS_SEEK_END, &position), BS_RANGE);
  check_status(bs_file_seek(file, -16001, BS_SEEK_HERE, &position), BS_RANGE);
  check_status(bs_file_seek(file, INT64_MAX, BS_SEEK_HERE, &position), BS_RANGE);
  check_status(bs_file_seek(file, INT64_MIN, BS_SEEK_START, &position), BS_RANGE);
  check_status(bs_file_seek(file, 0, 3, &position), BS_INVALID);
  check_status(bs_io_read(file, &byte, 1, &count), BS_OK);
  check(count == 0);
  check_status(bs_io_open("console", BS_IO_FOR_READ, &console), BS_OK);
  check_status(bs_file_seek(console, 0, BS_SEEK_START, &position), BS_UNSUPPORTED);
  check_status(bs_io_close(console), BS_OK);
  check_status(bs_io_close(file), BS_OK);
  check_status(bs_file_seek(file, 0, BS_SEEK_START, &position), BS_NOENT);
}

void test_files(void) {
  struct bs_file_stat stat;
  if (bs_file_stat("main.py", &stat) == BS_NOENT) {
    test_none();
    return;
  }
  test_stat();
  test_list();
  test_read();
  test_seek();
}
