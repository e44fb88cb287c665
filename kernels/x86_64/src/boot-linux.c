// The records of the 64-bit Linux boot protocol, as Firecracker leaves them for an ELF without its
// note.
#include "boot-records.h"
#include "kernel/arch.h"

enum { E820_RAM = 1, E820_MAX = 128 };

/** Where the fields of boot_params are. */
enum {
  E820_COUNT = 0x1e8,
  RAMDISK_START = 0x218,
  RAMDISK_BYTES = 0x21c,
  COMMAND_LINE = 0x228,
  E820_TABLE = 0x2d0,
};

struct e820_entry {
  uint64_t start;
  uint64_t bytes;
  uint32_t type;
} __attribute__((packed));

static uint32_t field(const uint8_t *parameters, unsigned offset) {
  return *(const uint32_t *)(parameters + offset);
}

void read_linux_records(const void *boot_params, struct boot_info *boot) {
  const uint8_t *parameters = boot_params;
  boot->protocol = "linux64";
  add_own_regions(boot);
  boot->workload = field(parameters, RAMDISK_START);
  boot->workload_bytes = field(parameters, RAMDISK_BYTES);
  add_region(boot, boot->workload, boot->workload_bytes, BOOT_WORKLOAD);
  const struct e820_entry *map = (const struct e820_entry *)(parameters + E820_TABLE);
  for (unsigned i = 0; i < parameters[E820_COUNT] && i < E820_MAX; i++)
    add_region(boot, map[i].start, map[i].bytes,
               map[i].type == E820_RAM ? BOOT_RAM : BOOT_RESERVED);
  if (field(parameters, COMMAND_LINE) != 0)
    read_command_line(arch_direct(field(parameters, COMMAND_LINE)), boot);
}
