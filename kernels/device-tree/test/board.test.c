// The board: what the trees of QEMU and Firecracker say, and what is left out.
#include <basalt/board.h>

#include "boards.h"
#include <test/tap.h>

static tree_writer writer;

static bool read_written(bs_board *board, bs_status expected) {
  bs_tree tree;
  tap_need(bs_tree_open(writer.blob, writer.blob_size, &tree) == BS_OK);
  return bs_board_read(&tree, board) == expected;
}

static bool is_range(bs_board_range range, uint64_t start, uint64_t size) {
  return range.start == start && range.size == size;
}

static bool reads_virt(void) {
  bs_board board;
  writer = (tree_writer){0};
  write_virt_board(&writer);
  tap_need(read_written(&board, BS_OK));
  tap_need(board.memory_count == 1 && is_range(board.memories[0], 0x40000000, 0x8000000));
  tap_need(board.reserved_count == 1 && is_range(board.reserved[0], 0x5000, 0x1000));
  tap_need(board.cpu_count == 2 && board.cpus[0] == 0 && board.cpus[1] == 1);
  tap_need(board.console == BS_CONSOLE_PL011);
  tap_need(is_range(board.console_registers, 0x9000000, 0x1000) && board.console_interrupt == 33);
  tap_need(board.gic == BS_GIC_V2 && is_range(board.distributor, 0x8000000, 0x10000));
  tap_need(is_range(board.redistributor, 0x8010000, 0x10000));
  tap_need(board.timer_interrupt == 27 && board.conduit == BS_CONDUIT_HVC);
  tap_need(board.virtio_count == 1 && is_range(board.virtio[0].registers, 0xc000200, 0x200));
  tap_need(board.virtio[0].interrupt == 48 && board.virtio[0].edge);
  tap_need(strcmp(board.command_line, "quiet test=all") == 0);
  tap_need(is_range(board.initrd, 0x48000000, 0x1234));
  tap_need(board.seed_length == 8 && memcmp(board.seed, "\1\2\3\4\5\6\7\10", 8) == 0);
  return !board.cut;
}

static bool reads_firecracker(void) {
  bs_board board;
  writer = (tree_writer){0};
  write_firecracker_board(&writer);
  tap_need(read_written(&board, BS_OK));
  tap_need(board.memory_count == 1 && is_range(board.memories[0], 0x80000000, 0x10000000));
  tap_need(board.console == BS_CONSOLE_NS16550 && board.console_interrupt == 32);
  tap_need(is_range(board.console_registers, 0x40002000, 0x1000));
  tap_need(board.gic == BS_GIC_V3 && is_range(board.redistributor, 0x3ff70000, 0x80000));
  tap_need(board.virtio_count == 1 && is_range(board.virtio[0].registers, 0x40003000, 0x1000));
  tap_need(board.virtio[0].interrupt == 34 && board.conduit == BS_CONDUIT_HVC);
  tap_need(is_range(board.initrd, 0, 0) && board.seed_length == 0);
  return board.command_line[0] == 0 && !board.cut;
}

static bool leaves_out(void) {
  static const uint32_t interrupts[][3] = {{2, 0, 1}, {0, 988, 1}, {1, 16, 4}};
  bs_board board;
  writer = (tree_writer){0};
  begin_node(&writer, "");
  write_bus(&writer);
  write_memory(&writer, 0x40000000, 0x1000);
  for (size_t i = 0; i < 3; i++) {
    begin_node(&writer, "virtio_mmio");
    write_text(&writer, "compatible", "virtio,mmio");
    write_numbers(&writer, "reg", 0, 0x1000, 0, 0x200);
    write_cells(&writer, "interrupts", interrupts[i], 3);
    end_node(&writer);
  }
  begin_node(&writer, "uart");
  write_text(&writer, "compatible", "arm,pl011");
  write_text(&writer, "status", "disabled");
  write_numbers(&writer, "reg", 0, 0x1000, 0, 0x200);
  end_node(&writer);
  begin_node(&writer, "chosen");
  write_property(&writer, "bootargs", "cut off", 7);
  write_property(&writer, "stdout-path", "/uart", 5);
  write_numbers(&writer, "linux,initrd-start", 9);
  write_numbers(&writer, "linux,initrd-end", 9);
  end_node(&writer);
  end_node(&writer);
  finish_tree(&writer);
  tap_need(read_written(&board, BS_OK));
  tap_need(board.virtio_count == 0 && board.console == BS_CONSOLE_NONE && board.gic == BS_GIC_NONE);
  tap_need(board.timer_interrupt == 0 && board.conduit == BS_CONDUIT_NONE && board.cpu_count == 0);
  return board.command_line[0] == 0 && board.initrd.size == 0;
}

static bool cuts_lists(void) {
  bs_board board;
  writer = (tree_writer){0};
  begin_node(&writer, "");
  write_bus(&writer);
  for (uint32_t i = 0; i < BS_BOARD_MEMORIES + 1; i++)
    write_memory(&writer, i << 20, 0x1000);
  end_node(&writer);
  finish_tree(&writer);
  tap_need(read_written(&board, BS_OK));
  tap_need(board.memory_count == BS_BOARD_MEMORIES && board.cut);
  writer = (tree_writer){0};
  begin_node(&writer, "");
  end_node(&writer);
  finish_tree(&writer);
  return read_written(&board, BS_NOENT);
}

int main(void) {
  tap_ok(reads_virt(), "the board of QEMU is read");
  tap_ok(reads_firecracker(), "the board of Firecracker is read");
  tap_ok(leaves_out(), "what is malformed, disabled or out of range is left out");
  tap_ok(cuts_lists(), "lists that are too long are cut; a tree without memory is no board");
  return tap_done();
}
