// Memory of programs as the kernel touches it: every page is looked up in the tables of the process
// and reached through the kernel's own mapping, so that no address of a program is ever followed.
#pragma once

#include "process.h"

/** Whether user mode may use all these bytes so. No bytes are always fine. */
bool user_may(const struct process *process, vaddr address, uint64_t bytes, unsigned access);

/** Copies from a program; BS_INVALID, perhaps with a part copied, when it may not read there. */
bs_status user_read(const struct process *process, void *to, vaddr from, size_t bytes);

/** Copies to a program; BS_INVALID, perhaps with a part copied, when it may not write there. */
bs_status user_write(const struct process *process, vaddr to, const void *from, size_t bytes);

/** The part of a program's bytes that lies in one page: where the kernel reaches it, and how much
 * of `bytes` it holds. NULL when the program may not use it so. */
void *user_part(const struct process *process, vaddr address, uint64_t bytes, unsigned access,
                size_t *part);
