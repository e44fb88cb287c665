// The kernel's own page tables: each physical address is mapped to itself, in the lowest 512 GiB,
// which all user spaces share by one entry of their roots.
#include "kernel-memory.h"

#include "cpu.h"
#include "local-apic.h"
#include "page-tables.h"

const vaddr arch_user_start = UINT64_C(1) << 39;
/** The last page of the lower half stays out: SYSCALL from its end would leave an address behind
 * that SYSRET faults on. */
const vaddr arch_user_end = (UINT64_C(1) << 47) - PAGE_BYTES;
/** What the boot tables map. */
const paddr arch_direct_limit = UINT64_C(1) << 32;

extern const uint8_t image_start[], text_end[], rodata_end[], image_end[], boot_stack_guard[];

enum { CR4_GLOBAL = 1 << 7 };

static uint64_t *kernel_root;

void *arch_direct(paddr address) {
  return (void *)(uintptr_t)address;
}

paddr arch_physical(const void *pointer) {
  return (uintptr_t)pointer;
}

/** Maps pages of the kernel to themselves with an access, large ones where they fit and may be. */
static bs_status set_pages(vaddr start, vaddr end, unsigned access, bool large_too) {
  uint64_t bits = access != ACCESS_NONE ? entry_for(access) | ENTRY_GLOBAL : 0;
  for (vaddr at = start; at < end;) {
    bool large = large_too && at % LARGE_PAGE_BYTES == 0 && end - at >= LARGE_PAGE_BYTES;
    uint64_t *entry = find_entry(kernel_root, at, large ? LEVEL_LARGE : LEVEL_PAGE, true,
                                 ENTRY_PRESENT | ENTRY_WRITE);
    if (entry == NULL) return BS_NOMEM;
    *entry = bits == 0 ? 0 : at | bits | (large ? ENTRY_LARGE : 0);
    forget_page(at);
    at += large ? LARGE_PAGE_BYTES : PAGE_BYTES;
  }
  return BS_OK;
}

static bs_status map_devices(const struct boot_info *boot) {
  unsigned access = ACCESS_READ | ACCESS_WRITE | ACCESS_DEVICE;
  bs_status status = set_pages(LOCAL_APIC, LOCAL_APIC + PAGE_BYTES, access, false);
  if (status == BS_OK) status = set_pages(IO_APIC, IO_APIC + PAGE_BYTES, access, false);
  for (uint32_t i = 0; i < boot->device_count && status == BS_OK; i++) {
    const struct boot_device *device = &boot->devices[i];
    vaddr start = device->registers & ~(vaddr)(PAGE_BYTES - 1);
    status = set_pages(start, device->registers + device->bytes, access, false);
  }
  return status;
}

static paddr end_of_ram(const struct boot_info *boot) {
  paddr end = 0;
  for (uint32_t i = 0; i < boot->region_count; i++) {
    const struct boot_region *region = &boot->regions[i];
    if (region->kind == BOOT_RAM && region->start + region->bytes > end)
      end = region->start + region->bytes;
  }
  // Registers of devices lie in the last GiB below the limit, RAM does not.
  return end < arch_direct_limit - (1 << 30) ? end : arch_direct_limit - (1 << 30);
}

bs_status arch_memory_start(const struct boot_info *boot) {
  const struct {
    vaddr start, end;
    unsigned access;
  } parts[] = {
      {PAGE_BYTES, (vaddr)image_start, ACCESS_READ | ACCESS_WRITE},
      {(vaddr)image_start, (vaddr)text_end, ACCESS_READ | ACCESS_EXECUTE},
      {(vaddr)text_end, (vaddr)rodata_end, ACCESS_READ},
      {(vaddr)rodata_end, (vaddr)boot_stack_guard, ACCESS_READ | ACCESS_WRITE},
      {(vaddr)boot_stack_guard + PAGE_BYTES, end_of_ram(boot), ACCESS_READ | ACCESS_WRITE},
  };
  paddr root;
  if (!frames_take(&root)) return BS_NOMEM;
  kernel_root = arch_direct(root);
  for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
    bs_status status = set_pages(parts[i].start, parts[i].end, parts[i].access, true);
    if (status != BS_OK) return status;
  }
  bs_status status = map_devices(boot);
  if (status != BS_OK) return status;
  write_cr4(read_cr4() | CR4_GLOBAL);
  write_cr3(root);
  return BS_OK;
}

bs_status arch_kernel_protect(const void *start, size_t bytes, unsigned access) {
  vaddr first = (uintptr_t)start;
  if (first % PAGE_BYTES != 0 || bytes % PAGE_BYTES != 0 || first + bytes > arch_direct_limit ||
      (access & (ACCESS_WRITE | ACCESS_EXECUTE)) == (ACCESS_WRITE | ACCESS_EXECUTE))
    return BS_INVALID;
  return set_pages(first, first + bytes, access, false);
}

unsigned arch_kernel_access(vaddr address) {
  if (address >= arch_direct_limit) return ACCESS_NONE;
  if (kernel_root == NULL) return ACCESS_READ | ACCESS_WRITE | ACCESS_EXECUTE;
  const uint64_t *entry = find_entry(kernel_root, address, LEVEL_PAGE, false, 0);
  return entry != NULL ? entry_access(*entry) : ACCESS_NONE;
}

uint64_t kernel_root_entry(void) {
  return kernel_root[0];
}

paddr kernel_root_frame(void) {
  return arch_physical(kernel_root);
}
