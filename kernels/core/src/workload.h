// The program that the boot loader brought beside the kernel.
#pragma once

#include "process.h"

/** Makes a process of an ELF image and its first task. BS_CORRUPT with *why when it is no program
 * that this kernel runs, BS_NOMEM. */
bs_status workload_start(const uint8_t *image, uint64_t bytes, uint32_t policy, const char **why);
