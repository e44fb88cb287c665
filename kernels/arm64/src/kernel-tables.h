// The kernel's page tables, for the other files of the architecture.
#pragma once

#include "kernel/arch.h"

/** The root of the upper addresses, once `arch_memory_start` has made it. */
paddr kernel_tables_root(void);

/** The root of lower addresses of which none is mapped. */
paddr kernel_tables_nothing(void);

/** This processor goes on with the kernel's tables and without lower addresses. */
void kernel_tables_enter(void);
