// The firmware's calls (PSCI, Arm DEN 0022) and the end of the machine.
#pragma once

#include <stdint.h>

/** Calls the firmware with up to three arguments; negative for an error, or where there is none. */
int64_t firmware_call(uint64_t function, uint64_t first, uint64_t second, uint64_t third);

/** For the exception handler: where the host did not take the call that `arch_power_off` tried,
 * ends the machine in the other way. Else it returns. */
void power_go_on(void);
