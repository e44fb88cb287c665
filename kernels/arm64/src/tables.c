// Walks page tables and writes their entries.
#include "tables.h"

#include "memory-map.h"

enum { LEVELS = 4, ENTRIES = 512, PAGE_SHIFT = 12, LEVEL_SHIFT = 9 };

#define FRAME_MASK UINT64_C(0x0000fffffffff000)

paddr entry_frame(uint64_t entry) {
  return entry & FRAME_MASK;
}

static unsigned shift_of(unsigned level) {
  return PAGE_SHIFT + LEVEL_SHIFT * (LEVELS - 1 - level);
}

static uint64_t *entry_at(paddr table, vaddr address, unsigned level) {
  uint64_t *entries = arch_direct(table);
  return &entries[address >> shift_of(level) & (ENTRIES - 1)];
}

static bool is_table(uint64_t entry) {
  return (entry & (ENTRY_VALID | ENTRY_TABLE)) == (ENTRY_VALID | ENTRY_TABLE);
}

uint64_t *tables_entry(paddr root, vaddr address, bool make) {
  paddr table = root;
  for (unsigned level = 0; level < LEVELS - 1; level++) {
    uint64_t *entry = entry_at(table, address, level);
    if (*entry == 0 && make) {
      paddr frame;
      if (!frames_take(&frame)) return NULL;
      // The zeros of the new table come before the entry that lets a walk see them.
      __atomic_store_n(entry, frame | ENTRY_TABLE | ENTRY_VALID, __ATOMIC_RELEASE);
    }
    if (!is_table(*entry)) return NULL;
    table = entry_frame(*entry);
  }
  return entry_at(table, address, LEVELS - 1);
}

uint64_t tables_find(paddr root, vaddr address, uint64_t *bytes) {
  paddr table = root;
  for (unsigned level = 0;; level++) {
    uint64_t entry = *entry_at(table, address, level);
    *bytes = UINT64_C(1) << shift_of(level);
    if ((entry & ENTRY_VALID) == 0) return 0;
    if (level == LEVELS - 1 || !is_table(entry)) return entry;
    table = entry_frame(entry);
  }
}

bs_status tables_map(paddr root, vaddr page, paddr frame, uint64_t bits) {
  uint64_t bytes;
  if (tables_find(root, page, &bytes) != 0) return BS_INVALID;
  uint64_t *entry = tables_entry(root, page, true);
  if (entry == NULL) return BS_NOMEM;
  __atomic_store_n(entry, frame | bits, __ATOMIC_RELEASE);
  // The walk sees the entry before the next access.
  __asm__ volatile("dsb ishst; isb" : : : "memory");
  return BS_OK;
}

bs_status tables_fill(paddr root, vaddr page, paddr frame, size_t count, uint64_t bits) {
  while (count > 0) {
    uint64_t *entry = tables_entry(root, page, true);
    if (entry == NULL) return BS_NOMEM;
    size_t left = ENTRIES - (page >> PAGE_SHIFT & (ENTRIES - 1));
    size_t step = count < left ? count : left;
    for (size_t i = 0; i < step; i++) {
      if (entry[i] == 0) entry[i] = (frame + i * PAGE_BYTES) | bits;
    }
    page += step * PAGE_BYTES;
    frame += step * PAGE_BYTES;
    count -= step;
  }
  return BS_OK;
}

static void destroy_level(paddr table, unsigned level) {
  const uint64_t *entries = arch_direct(table);
  for (unsigned i = 0; level < LEVELS - 1 && i < ENTRIES; i++) {
    if (is_table(entries[i])) destroy_level(entry_frame(entries[i]), level + 1);
  }
  frames_give(table);
}

void tables_destroy(paddr root) {
  destroy_level(root, 0);
}

static uint64_t common_bits(unsigned access) {
  uint64_t bits = ENTRY_VALID | ENTRY_TABLE | ENTRY_SHARED | ENTRY_ACCESSED;
  if ((access & ACCESS_DEVICE) != 0) bits |= ENTRY_DEVICE;
  if ((access & ACCESS_WRITE) == 0) bits |= ENTRY_READ_ONLY;
  return bits;
}

uint64_t kernel_bits(unsigned access) {
  uint64_t bits = common_bits(access) | ENTRY_NO_USER_EXECUTE;
  if ((access & ACCESS_EXECUTE) == 0) bits |= ENTRY_NO_KERNEL_EXECUTE;
  return bits;
}

uint64_t user_bits(unsigned access) {
  uint64_t bits = common_bits(access) | ENTRY_USER | ENTRY_OWN | ENTRY_NO_KERNEL_EXECUTE;
  if ((access & ACCESS_EXECUTE) == 0) bits |= ENTRY_NO_USER_EXECUTE;
  return bits;
}
