// The virtio devices of the machine: the first of each kind is started while booting.
#pragma once

#include "kernel/boot-info.h"

#include <virtio/block.h>
#include <virtio/console.h>
#include <virtio/entropy.h>
#include <virtio/network.h>

/** Finds and starts the devices, and says which. One that cannot be started is said and left out.
 */
void devices_start(const struct boot_info *boot);

/** The device of a kind, or NULL. With interrupts off it belongs to the caller. */
struct entropy_device *device_entropy(void);
struct block_device *device_block(void);
struct console_device *device_console(void);
struct network_device *device_network(void);

/** Calls a function, with interrupts off, whenever frames may have come in. */
void devices_on_frames(void (*arrived)(void));

/** How many interrupts of devices there were: one that changes says that polling may find
 * something. */
uint64_t devices_interrupts(void);
