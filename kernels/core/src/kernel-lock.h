// One processor at a time is in the kernel; and which ones are in user mode.
#pragma once

#include "kernel/entry.h"

struct process;

/** The first thing of every entry from user mode or of an interrupt: waits for the kernel. May
 * nest. */
void kernel_enter(void);

/** The last thing: goes back to what the frame interrupted. When that is user mode, a better task
 * may run first, and one that is to end does so. */
void kernel_leave(struct arch_frame *frame);

/** The same where a task enters user mode for the first time. */
void kernel_leave_to_user(void);

/** Lets others in, for a processor that has nothing to do. */
void kernel_unlock(void);

/** Makes every other processor forget what it knows of the addresses of a process. Frames that were
 * unmapped are taken again only after this. */
void kernel_forget_space(const struct process *process);
