// What the boot found out about this machine, for the other files of the architecture.
#pragma once

#include <basalt/board.h>
#include <stdbool.h>
#include <stdint.h>

/** The board as its device tree describes it. */
extern bs_board machine_board;

/** The physical address where the image was loaded. */
extern uint64_t machine_image;
