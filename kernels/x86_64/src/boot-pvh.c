// The records of PVH loaders: QEMU's microvm and q35, and Firecracker.
#include "boot-records.h"
#include "kernel/entry.h"

enum { START_MAGIC = 0x336ec578, MAP_RAM = 1 };

struct start_info {
  uint32_t magic;
  uint32_t version;
  uint32_t flags;
  uint32_t module_count;
  uint64_t modules;
  uint64_t command_line;
  uint64_t rsdp;
  /** Version 1 and later. */
  uint64_t map;
  uint32_t map_count;
  uint32_t reserved;
};

struct map_entry {
  uint64_t start;
  uint64_t bytes;
  uint32_t type;
  uint32_t reserved;
};

struct module {
  uint64_t start;
  uint64_t bytes;
  uint64_t command_line;
  uint64_t reserved;
};

void read_pvh_records(const void *start_info, struct boot_info *boot) {
  const struct start_info *info = start_info;
  boot->protocol = "pvh";
  if (info->magic != START_MAGIC || info->version < 1)
    kernel_panic(NULL, "PVH start info of magic 0x%x version %u", info->magic, info->version);
  add_own_regions(boot);
  if (info->module_count > 0) {
    const struct module *module = arch_direct(info->modules);
    boot->workload = module->start;
    boot->workload_bytes = module->bytes;
    add_region(boot, module->start, module->bytes, BOOT_WORKLOAD);
  }
  const struct map_entry *map = arch_direct(info->map);
  for (uint32_t i = 0; i < info->map_count; i++)
    add_region(boot, map[i].start, map[i].bytes, map[i].type == MAP_RAM ? BOOT_RAM : BOOT_RESERVED);
  if (info->command_line != 0) read_command_line(arch_direct(info->command_line), boot);
}
