// Entries of page tables of x86_64 (Intel SDM volume 3, 4.5): four levels of 512 entries.
#pragma once

#include "kernel/entry.h"

enum {
  ENTRY_PRESENT = 1 << 0,
  ENTRY_WRITE = 1 << 1,
  ENTRY_USER = 1 << 2,
  ENTRY_THROUGH = 1 << 3,
  ENTRY_UNCACHED = 1 << 4,
  ENTRY_LARGE = 1 << 7,
  ENTRY_GLOBAL = 1 << 8,
  ENTRIES = 512,
};

#define ENTRY_NO_EXECUTE (UINT64_C(1) << 63)
#define ENTRY_FRAME UINT64_C(0x000ffffffffff000)
#define LARGE_PAGE_BYTES UINT64_C(0x200000)

/** The entry for an access of the kernel, without the frame; 0 for ACCESS_NONE. */
uint64_t entry_for(unsigned access);

/** What an entry allows. */
unsigned entry_access(uint64_t entry);

/** Which level an entry is of: how far an address is shifted to give its index there. */
enum { LEVEL_PAGE = 12, LEVEL_LARGE = 21, LEVEL_ROOT = 39 };

/** The entry of a level that an address goes through. Where a table is missing, NULL, or with
 * `make` a new one that allows `table_bits`, then NULL means that no frame is left. A large page on
 * the way is split with `make`; without, its entry is the one returned. */
uint64_t *find_entry(uint64_t *root, vaddr address, unsigned level, bool make, uint64_t table_bits);
