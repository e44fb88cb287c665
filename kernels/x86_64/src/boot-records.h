// Readers of what boot loaders leave in memory.
#pragma once

#include "kernel/boot-info.h"

/** Reads hvm_start_info (Xen's public/arch-x86/hvm/start_info.h). */
void read_pvh_records(const void *start_info, struct boot_info *boot);

/** Reads boot_params (Linux's Documentation/arch/x86/zero-page.rst). */
void read_linux_records(const void *boot_params, struct boot_info *boot);

/** Adds a region while there is room; one of no size is left out. */
void add_region(struct boot_info *boot, paddr start, uint64_t bytes, enum boot_region_kind kind);

/** Takes the command line over, cut at its limit, and the devices that it names in Linux's words:
 * virtio_mmio.device=BYTES@ADDRESS:LINE. */
void read_command_line(const char *text, struct boot_info *boot);

/** Adds the kernel's own image and the first MiB, which the firmware may still use. */
void add_own_regions(struct boot_info *boot);
