// Capabilities: the policy of a process says which kinds it may acquire, a task says which are
// active.
#pragma once

#include "process.h"

/** The kind that a handle of a capability stands for, or 0 when it is stale or none. */
unsigned capability_kind(const struct process *process, bs_handle handle);

/** Gives a task a kind that it is allowed, or that another task hands over. */
bs_handle capability_grant(struct task *task, unsigned kind);

/** The handle of a kind, valid until the kind is dropped. */
bs_handle capability_handle(const struct process *process, unsigned kind);

/** Makes all older handles of a kind stale, and the kind inactive in all tasks of the process. */
void capability_drop(struct process *process, unsigned kind);

/** Reads handles of a program into a set of kinds. BS_NOENT when one is stale, BS_INVALID when one
 * is of no capability. */
bs_status capability_set(struct task *task, vaddr handles, uint64_t count, unsigned argument,
                         uint32_t *out);
