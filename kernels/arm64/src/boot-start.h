// Where C begins.
#pragma once

#include <stdint.h>

/** From boot-entry.S, with the physical addresses of the device tree and of the image. */
_Noreturn void arm64_start(uint64_t device_tree, uint64_t image);
