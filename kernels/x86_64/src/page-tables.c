// Walks page tables. A table is reached at its physical address, as all RAM is.
#include "page-tables.h"

uint64_t entry_for(unsigned access) {
  if (access == ACCESS_NONE) return 0;
  return ENTRY_PRESENT | ((access & ACCESS_WRITE) != 0 ? ENTRY_WRITE : 0) |
         ((access & ACCESS_EXECUTE) != 0 ? 0 : ENTRY_NO_EXECUTE) |
         ((access & ACCESS_DEVICE) != 0 ? ENTRY_UNCACHED | ENTRY_THROUGH : 0);
}

unsigned entry_access(uint64_t entry) {
  if ((entry & ENTRY_PRESENT) == 0) return ACCESS_NONE;
  return ACCESS_READ | ((entry & ENTRY_WRITE) != 0 ? ACCESS_WRITE : 0u) |
         ((entry & ENTRY_NO_EXECUTE) != 0 ? 0u : ACCESS_EXECUTE) |
         ((entry & ENTRY_UNCACHED) != 0 ? ACCESS_DEVICE : 0u);
}

/** Replaces a page of 2 MiB by a table of 512 pages that allow the same. */
static bool split(uint64_t *entry, uint64_t table_bits) {
  paddr frame;
  if (!frames_take(&frame)) return false;
  uint64_t *table = arch_direct(frame);
  uint64_t first = *entry & ~(uint64_t)ENTRY_LARGE;
  for (unsigned i = 0; i < ENTRIES; i++)
    table[i] = first + (uint64_t)i * PAGE_BYTES;
  *entry = frame | table_bits;
  return true;
}

uint64_t *find_entry(uint64_t *root, vaddr address, unsigned level, bool make,
                     uint64_t table_bits) {
  uint64_t *table = root;
  for (unsigned shift = LEVEL_ROOT; shift > level; shift -= 9) {
    uint64_t *entry = &table[address >> shift & (ENTRIES - 1)];
    if ((*entry & ENTRY_PRESENT) == 0) {
      paddr frame;
      if (!make || !frames_take(&frame)) return NULL;
      *entry = frame | table_bits;
    } else if ((*entry & ENTRY_LARGE) != 0) {
      if (!make) return entry;
      if (!split(entry, table_bits)) return NULL;
    }
    table = arch_direct(*entry & ENTRY_FRAME);
  }
  return &table[address >> level & (ENTRIES - 1)];
}
