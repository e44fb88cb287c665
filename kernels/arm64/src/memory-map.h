// Where the kernel sees what. User addresses are those of the lower tables (TTBR0); all of these
// are of the upper ones (TTBR1).
//
//   0xffff000000000000  physical address 0 and what follows: RAM and registers of devices
//   0xffffffff80000000  the image: code, constants, variables, boot stack
#pragma once

#define DIRECT_ADDRESS 0xffff000000000000
#define IMAGE_ADDRESS 0xffffffff80000000

/** RAM from here on is left unused: each 2 MiB of RAM take a frame for their page table. */
#define DIRECT_LIMIT 0x800000000

/** Bits of an entry of a page table (Arm ARM, section D8.3, 4 KiB granule). */
#define ENTRY_VALID (1 << 0)
/** In the last level: a page. Before it: a further table; without it a block. */
#define ENTRY_TABLE (1 << 1)
#define ENTRY_DEVICE (1 << 2)
#define ENTRY_USER (1 << 6)
#define ENTRY_READ_ONLY (1 << 7)
#define ENTRY_SHARED (3 << 8)
#define ENTRY_ACCESSED (1 << 10)
/** The translation is of one address space alone. */
#define ENTRY_OWN (1 << 11)
#define ENTRY_NO_KERNEL_EXECUTE 0x0020000000000000
#define ENTRY_NO_USER_EXECUTE 0x0040000000000000

/** Memory in a block of 1 GiB or 2 MiB, everything allowed to the kernel: while booting alone. */
#define ENTRY_BOOT_BLOCK (ENTRY_VALID | ENTRY_SHARED | ENTRY_ACCESSED)
