// The network of the machine: one interface, with the address that the command line gives it as
// `net=ADDRESS/BITS,GATEWAY`.
#pragma once

#include "kernel/boot-info.h"
#include "task.h"

#include <network/stack.h>

/** Starts the interface, where there are a device and an address. */
void interface_start(const struct boot_info *boot);

/** The interface, or NULL. */
struct network_stack *interface_stack(void);

/** Waits until frames came in, or the time has come. */
bs_status interface_wait(uint64_t deadline);
