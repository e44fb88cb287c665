// Addresses as the kernel speaks of them, and what may be done with the memory behind one.
#pragma once

#include <stdint.h>

/** A physical address. */
typedef uint64_t paddr;

/** An address that a processor translates, of the kernel or of a user space. */
typedef uint64_t vaddr;

/** The unit of mapping, on every architecture. */
#define PAGE_BYTES 4096u

/** What may be done with a page: bits that are combined. No page may be both written and executed;
 * what asks for that gets BS_INVALID. */
enum access {
  ACCESS_NONE = 0,
  ACCESS_READ = 1,
  ACCESS_WRITE = 2,
  ACCESS_EXECUTE = 4,
  /** Registers of a device: neither cached nor reordered. */
  ACCESS_DEVICE = 8,
};
