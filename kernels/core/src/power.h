// The good end of the machine.
#pragma once

/** Says the code and powers off with it. */
_Noreturn void kernel_power_off(unsigned code);
