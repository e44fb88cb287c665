// The first C of arm64: makes the records of core from the device tree, and calls core.
#include "boot-start.h"

#include "console.h"
#include "kernel/entry.h"
#include "machine.h"
#include "memory-map.h"
#include "power.h"

/** A block of the boot tables, and slots of the table of blocks. */
#define BLOCK_BYTES (UINT64_C(1) << 30)

enum { BLOCKS = DIRECT_LIMIT >> 30 };

extern const uint8_t image_start[], image_end[];
extern uint64_t boot_tables[];

const char ARCH_NAME[] = "arm64";
const uint16_t arch_elf_machine = 183;

bs_board machine_board;
uint64_t machine_image;

static struct boot_info boot;

/** Makes all of a range reachable through blocks that are not in use yet; what one holds already is
 * left. */
static void map_blocks(bs_board_range range, uint64_t bits) {
  // The table of the direct addresses is the second of the boot tables.
  uint64_t *blocks = boot_tables + PAGE_BYTES / sizeof(uint64_t);
  if (range.size == 0 || range.start >= DIRECT_LIMIT) return;
  uint64_t last = (range.start + range.size - 1) / BLOCK_BYTES;
  for (uint64_t at = range.start / BLOCK_BYTES; at <= last && at < BLOCKS; at++) {
    if (blocks[at] == 0) blocks[at] = at * BLOCK_BYTES | bits;
  }
  __asm__ volatile("dsb ishst; isb" : : : "memory");
}

/** Opens the device tree, of which the block around it is mapped. */
static bool read_board(uint64_t address) {
  bs_tree tree;
  uint64_t left = BLOCK_BYTES - address % BLOCK_BYTES;
  if (address == 0 || address >= DIRECT_LIMIT) return false;
  return bs_tree_open(arch_direct(address), left, &tree) == BS_OK &&
         bs_board_read(&tree, &machine_board) == BS_OK;
}

static void add_region(bs_board_range range, enum boot_region_kind kind) {
  if (range.size == 0 || boot.region_count == BOOT_REGIONS_MAX) return;
  boot.regions[boot.region_count++] = (struct boot_region){range.start, range.size, kind};
}

static void add_regions(void) {
  uint64_t image_bytes = (uint64_t)(image_end - image_start);
  add_region((bs_board_range){machine_image, image_bytes}, BOOT_KERNEL);
  add_region(machine_board.initrd, BOOT_WORKLOAD);
  for (uint32_t i = 0; i < machine_board.reserved_count; i++)
    add_region(machine_board.reserved[i], BOOT_RESERVED);
  for (uint32_t i = 0; i < machine_board.memory_count; i++)
    add_region(machine_board.memories[i], BOOT_RAM);
}

static void add_devices(void) {
  for (uint32_t i = 0; i < machine_board.virtio_count; i++) {
    const bs_board_device *device = &machine_board.virtio[i];
    boot.devices[boot.device_count++] = (struct boot_device){
        .registers = device->registers.start,
        .bytes = device->registers.size,
        .interrupt = device->interrupt,
    };
  }
}

static void copy_command_line(void) {
  const char *text = machine_board.command_line;
  size_t length = 0;
  for (; text[length] != 0 && length < BOOT_COMMAND_LINE_MAX - 1; length++)
    boot.command_line[length] = text[length];
  boot.command_line[length] = 0;
}

_Noreturn void arm64_start(uint64_t device_tree, uint64_t image) {
  machine_image = image;
  // Without a board there is no console to say so on.
  if (!read_board(device_tree)) arch_power_off(EXIT_PANIC);
  for (uint32_t i = 0; i < machine_board.memory_count; i++)
    map_blocks(machine_board.memories[i], ENTRY_BOOT_BLOCK);
  map_blocks(machine_board.console_registers, ENTRY_BOOT_BLOCK | ENTRY_DEVICE);
  console_start();
  boot.protocol = "image";
  boot.workload = machine_board.initrd.start;
  boot.workload_bytes = machine_board.initrd.size;
  add_regions();
  add_devices();
  copy_command_line();
  kernel_main(&boot);
}
