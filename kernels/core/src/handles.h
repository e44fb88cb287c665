// Handles: what a process calls the objects of the kernel that it holds.
#pragma once

#include "process.h"

/** Gives an object a handle. The handle takes over one reference of the caller. BS_NOMEM, with the
 * detail in the task's last error, when the process has too many of its kind. */
bs_status handle_open(struct task *task, unsigned tag, void *object, bs_handle *out);

/** The object behind a handle of one of the tags (bits), or NULL: then *stale says whether the
 * handle is of such a kind but no longer valid. */
void *handle_object(const struct process *process, bs_handle handle, uint64_t tags, bool *stale);

/** Closes a handle that `handle_object` knows, and gives its reference back. */
void handle_close(struct process *process, bs_handle handle);

/** The tag of a handle. */
unsigned handle_tag(bs_handle handle);

/** Gives back the reference that a handle, or a message, has to an object. */
void handle_release_object(unsigned tag, void *object);

/** Closes all. */
void handles_close_all(struct process *process);
