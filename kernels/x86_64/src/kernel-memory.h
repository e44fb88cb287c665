// The kernel's page tables, for the spaces that share them.
#pragma once

#include "kernel/address.h"

/** The entry of a root that maps the kernel; each user space has a copy. */
uint64_t kernel_root_entry(void);

/** The root that maps nothing else. */
paddr kernel_root_frame(void);
