// The place where the test image hooks in: kernels/guest-test defines `kernel_self_test`, the image
// that is shipped does not.
#pragma once

#include "kernel/boot-info.h"

/** Runs tests inside of the kernel; gives the code to power off with. */
__attribute__((weak)) unsigned kernel_self_test(const struct boot_info *boot);
