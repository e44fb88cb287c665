// The kernel's own page tables: RAM and registers of devices at DIRECT_ADDRESS, the image at
// IMAGE_ADDRESS. RAM is mapped page by page, so that one page can be protected without taking a
// block apart that is in use.
#include "kernel-tables.h"

#include "console.h"
#include "cpu-local.h"
#include "cpu.h"
#include "machine.h"
#include "memory-map.h"
#include "tables.h"

/** SCTLR_EL1.WXN: what can be written is never executed, whatever its entry says. */
#define SCTLR_WXN (UINT64_C(1) << 19)

/** A redistributor of GICv4; one of GICv3 has half of it. */
enum { REDISTRIBUTOR_BYTES = 0x40000 };

extern const uint8_t image_start[], text_end[], rodata_end[], image_end[], boot_stack_guard[];

const vaddr arch_user_start = 0x8000000000;
const vaddr arch_user_end = 0x800000000000;
const paddr arch_direct_limit = DIRECT_LIMIT;

static paddr kernel_root;
/** The lower addresses while no user space is entered: none of them is mapped. */
static uint64_t nothing[PAGE_BYTES / sizeof(uint64_t)] __attribute__((aligned(PAGE_BYTES)));

void *arch_direct(paddr address) {
  return (void *)(DIRECT_ADDRESS + address);
}

paddr arch_physical(const void *pointer) {
  vaddr address = (uintptr_t)pointer;
  return address >= IMAGE_ADDRESS ? address - IMAGE_ADDRESS + machine_image
                                  : address - DIRECT_ADDRESS;
}

paddr kernel_tables_root(void) {
  return kernel_root;
}

paddr kernel_tables_nothing(void) {
  return arch_physical(nothing);
}

/** Maps pages of the image at both of its addresses: its own, and the direct one, where nothing is
 * executed. */
static bs_status map_part(const uint8_t *start, const uint8_t *end, unsigned access) {
  size_t pages = (size_t)(end - start) / PAGE_BYTES;
  paddr frame = arch_physical(start);
  bs_status status = tables_fill(kernel_root, (uintptr_t)start, frame, pages, kernel_bits(access));
  if (status != BS_OK) return status;
  unsigned direct = access & ~(unsigned)ACCESS_EXECUTE;
  return tables_fill(kernel_root, DIRECT_ADDRESS + frame, frame, pages, kernel_bits(direct));
}

/** Maps the image but the guard page of the boot stack. */
static bs_status map_image(void) {
  bs_status status = map_part(image_start, text_end, ACCESS_READ | ACCESS_EXECUTE);
  if (status == BS_OK) status = map_part(text_end, rodata_end, ACCESS_READ);
  if (status == BS_OK) status = map_part(rodata_end, boot_stack_guard, ACCESS_READ | ACCESS_WRITE);
  const uint8_t *stack = boot_stack_guard + PAGE_BYTES;
  return status != BS_OK ? status : map_part(stack, image_end, ACCESS_READ | ACCESS_WRITE);
}

/** Makes a range reachable at its direct addresses, but for what is mapped there already. */
static bs_status map_direct(paddr start, uint64_t bytes, unsigned access) {
  if (bytes == 0 || start >= DIRECT_LIMIT) return BS_OK;
  paddr first = start & ~(paddr)(PAGE_BYTES - 1);
  paddr end = bytes < DIRECT_LIMIT - start ? start + bytes : DIRECT_LIMIT;
  size_t pages = (end - first + PAGE_BYTES - 1) / PAGE_BYTES;
  return tables_fill(kernel_root, DIRECT_ADDRESS + first, first, pages, kernel_bits(access));
}

static bs_status map_ram(const struct boot_info *boot) {
  bs_status status = BS_OK;
  for (uint32_t i = 0; i < boot->region_count && status == BS_OK; i++) {
    const struct boot_region *region = &boot->regions[i];
    if (region->kind == BOOT_RAM)
      status = map_direct(region->start, region->bytes, ACCESS_READ | ACCESS_WRITE);
  }
  return status;
}

static bs_status map_registers(bs_board_range registers, uint64_t most) {
  uint64_t bytes = registers.size < most ? registers.size : most;
  return map_direct(registers.start, bytes, ACCESS_READ | ACCESS_WRITE | ACCESS_DEVICE);
}

static bs_status map_devices(const struct boot_info *boot) {
  uint64_t redistributors = (uint64_t)machine_board.cpu_count * REDISTRIBUTOR_BYTES;
  bs_status status = map_registers(machine_board.console_registers, PAGE_BYTES);
  if (status == BS_OK) status = map_registers(machine_board.distributor, UINT64_MAX);
  if (status == BS_OK) status = map_registers(machine_board.redistributor, redistributors);
  for (uint32_t i = 0; i < boot->device_count && status == BS_OK; i++) {
    const struct boot_device *device = &boot->devices[i];
    status = map_registers((bs_board_range){device->registers, device->bytes}, UINT64_MAX);
  }
  return status;
}

void kernel_tables_enter(void) {
  finish_accesses();
  WRITE_SYSTEM(ttbr0_el1, kernel_tables_nothing());
  WRITE_SYSTEM(ttbr1_el1, kernel_root);
  synchronize();
  WRITE_SYSTEM(sctlr_el1, READ_SYSTEM(sctlr_el1) | SCTLR_WXN);
  forget_translations();
}

bs_status arch_memory_start(const struct boot_info *boot) {
  if (!frames_take(&kernel_root)) return BS_NOMEM;
  bs_status status = map_image();
  if (status == BS_OK) status = map_ram(boot);
  if (status == BS_OK) status = map_devices(boot);
  if (status != BS_OK) return status;
  kernel_tables_enter();
  console_start();
  return BS_OK;
}

bs_status arch_kernel_protect(const void *start, size_t bytes, unsigned access) {
  vaddr first = (uintptr_t)start;
  if ((first | bytes) % PAGE_BYTES != 0 || first < DIRECT_ADDRESS) return BS_INVALID;
  if ((access & ACCESS_WRITE) != 0 && (access & ACCESS_EXECUTE) != 0) return BS_INVALID;
  for (vaddr page = first; page < first + bytes; page += PAGE_BYTES) {
    uint64_t *entry = tables_entry(kernel_root, page, false);
    if (entry == NULL) return BS_INVALID;
    uint64_t frame = arch_physical((const void *)page);
    uint64_t bits = access == ACCESS_NONE ? 0 : frame | kernel_bits(access);
    __atomic_store_n(entry, bits, __ATOMIC_RELEASE);
    forget_kernel_page(page);
  }
  return BS_OK;
}

unsigned arch_kernel_access(vaddr address) {
  bool upper = address >= DIRECT_ADDRESS;
  if (!upper && address >= arch_user_end) return ACCESS_NONE;
  uint64_t bytes;
  paddr root = upper ? READ_SYSTEM(ttbr1_el1) : READ_SYSTEM(ttbr0_el1);
  uint64_t entry = tables_find(entry_frame(root), address, &bytes);
  if (entry == 0) return ACCESS_NONE;
  bool writable = (entry & ENTRY_READ_ONLY) == 0;
  bool never_both = writable && (READ_SYSTEM(sctlr_el1) & SCTLR_WXN) != 0;
  unsigned access = ACCESS_READ;
  if (writable) access |= ACCESS_WRITE;
  if ((entry & ENTRY_NO_KERNEL_EXECUTE) == 0 && !never_both) access |= ACCESS_EXECUTE;
  if ((entry & ENTRY_DEVICE) != 0) access |= ACCESS_DEVICE;
  return access;
}
