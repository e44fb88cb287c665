// What the boot loader said, in records that no longer tell which loader and architecture it was.
// The architecture fills one of these before it calls `kernel_main`.
#pragma once

#include "kernel/address.h"

#include <stddef.h>
#include <stdint.h>

/** How many records fit; what a loader says beyond that is left out, RAM last. */
enum {
  BOOT_REGIONS_MAX = 64,
  BOOT_DEVICES_MAX = 32,
  BOOT_COMMAND_LINE_MAX = 1024,
};

/** What a stretch of physical memory is. Where regions overlap, the higher number holds. */
enum boot_region_kind {
  /** Free for the frame allocator. */
  BOOT_RAM = 1,
  /** Of the firmware or of devices. */
  BOOT_RESERVED = 2,
  /** The kernel's image with its variables and boot stacks. */
  BOOT_KERNEL = 3,
  /** The workload's image. */
  BOOT_WORKLOAD = 4,
};

/** A stretch of physical memory; neither aligned nor sorted. */
struct boot_region {
  paddr start;
  uint64_t bytes;
  enum boot_region_kind kind;
};

/** A virtio device behind registers in memory (virtio 1.2, section 4.2). */
struct boot_device {
  paddr registers;
  uint64_t bytes;
  /** The line for `arch_interrupt_enable`. */
  uint32_t interrupt;
};

/** All that is known of the machine when `kernel_main` begins. */
struct boot_info {
  /** "pvh", "linux64", "image": for the log. */
  const char *protocol;
  /** Ends with a zero; "" when there is none. */
  char command_line[BOOT_COMMAND_LINE_MAX];
  uint32_t region_count;
  struct boot_region regions[BOOT_REGIONS_MAX];
  uint32_t device_count;
  struct boot_device devices[BOOT_DEVICES_MAX];
  /** The image that the loader brought beside the kernel (initrd), also among the regions. */
  paddr workload;
  uint64_t workload_bytes;
};
