// Waiting for several handles at once.
#pragma once

#include "task.h"

/** Something that io_poll may wait for is ready now, perhaps. */
void poll_changed(void);

/** Waits until something changed, or a time has come. */
bs_status poll_wait(uint64_t deadline);

/** Bits of io_events of what a handle names now. Lowers *deadline to when it should be looked at
 * again though nothing changed. */
unsigned poll_events(const struct task *task, bs_handle handle, uint64_t *deadline);
