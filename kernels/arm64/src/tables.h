// Page tables of four levels: 48 bits of address, pages of 4 KiB (Arm ARM, section D8.3). The
// kernel's and those of user spaces have the same form.
#pragma once

#include "kernel/entry.h"

/** The entry of the last level for an address, made with its tables where `make`; NULL without one.
 * What a block maps has no entry of its own. */
uint64_t *tables_entry(paddr root, vaddr address, bool make);

/** The entry that decides over an address, of whichever level; 0 for none. `bytes` is what it maps.
 */
uint64_t tables_find(paddr root, vaddr address, uint64_t *bytes);

/** Maps a page. BS_INVALID where one is mapped or a block is, BS_NOMEM without a frame for a table;
 * a table that was made before that stays. */
bs_status tables_map(paddr root, vaddr page, paddr frame, uint64_t bits);

/** Maps pages in a row, all with the same bits, in one walk a table; what is mapped already stays.
 * BS_NOMEM without a frame for a table. For tables that no processor uses yet. */
bs_status tables_fill(paddr root, vaddr page, paddr frame, size_t count, uint64_t bits);

/** Gives back all tables, the root too; not the frames that they map. */
void tables_destroy(paddr root);

/** The bits of an entry that allow the kernel this access and user mode nothing. */
uint64_t kernel_bits(unsigned access);

/** The bits of an entry that allow user mode this access, and nobody to execute it as the kernel.
 */
uint64_t user_bits(unsigned access);

/** The physical address in an entry. */
paddr entry_frame(uint64_t entry);
