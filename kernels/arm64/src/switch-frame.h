// What a task that does not run has on its stack: places in the order of addresses.
#pragma once

/** Registers that a called function keeps: x19 to x30. */
#define SWITCH_X19 0
#define SWITCH_X29 80
#define SWITCH_X30 88
/** The thread register of user mode, and the two control registers of floating point. */
#define SWITCH_THREAD 96
/** Registers q0 to q31. */
#define SWITCH_FLOATS 128
#define SWITCH_BYTES 640
