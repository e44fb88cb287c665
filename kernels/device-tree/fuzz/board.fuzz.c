// Fuzzes the device tree reader. An input is edits of a whole tree, three bytes each: a place and
// what is written there; so that the fuzzer starts behind the header.
#include <basalt/board.h>

#include "../test/boards.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(const uint8_t *blob, uint32_t length) {
  bs_tree tree;
  bs_board board;
  if (bs_tree_open(blob, length, &tree) != BS_OK) return;
  bs_tree_node node = bs_tree_root(&tree);
  do {
    uint64_t address;
    uint64_t bytes;
    if (strlen(bs_tree_name(&tree, &node)) >= length) abort();
    for (uint32_t i = 0; i < 4; i++) {
      if (bs_tree_range(&tree, &node, i, &address, &bytes) && address + bytes < address) abort();
    }
  } while (bs_tree_next(&tree, &node));
  if (bs_board_read(&tree, &board) == BS_OK && board.memory_count == 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static tree_writer writer;
  if (size == 0) return 0;
  writer = (tree_writer){0};
  if (data[0] % 2 == 0) {
    write_virt_board(&writer);
  } else {
    write_firecracker_board(&writer);
  }
  uint32_t length = writer.blob_size - data[0] / 2;
  uint8_t *blob = malloc(length);
  memcpy(blob, writer.blob, length);
  for (size_t i = 1; i + 2 < size; i += 3)
    blob[(data[i] << 8 | data[i + 1]) % length] = data[i + 2];
  read_all(blob, length);
  free(blob);
  return 0;
}
