// The firmware's calls and the end of the machine. Only a debugger's call (semihosting) can tell a
// code to the host; where nobody takes it, it is an undefined instruction.
#include "power.h"

#include "cpu.h"
#include "kernel/arch.h"
#include "machine.h"

/** PSCI, with 32-bit arguments. */
enum { SYSTEM_OFF = 0x84000008u, NOT_SUPPORTED = -1 };

/** Semihosting for AArch64: SYS_EXIT_EXTENDED with the reason ADP_Stopped_ApplicationExit. */
enum { SYS_EXIT_EXTENDED = 0x20, APPLICATION_EXIT = 0x20026 };

static bool is_ending;

int64_t firmware_call(uint64_t function, uint64_t first, uint64_t second, uint64_t third) {
  register uint64_t x0 __asm__("x0") = function;
  register uint64_t x1 __asm__("x1") = first;
  register uint64_t x2 __asm__("x2") = second;
  register uint64_t x3 __asm__("x3") = third;
  // The SMC calling convention lets the firmware change x4 to x17.
#define CALL(instruction)                                                                          \
  __asm__ volatile(instruction                                                                     \
                   : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)                                        \
                   :                                                                               \
                   : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", \
                     "x16", "x17", "memory")
  if (machine_board.conduit == BS_CONDUIT_HVC)
    CALL("hvc #0");
  else if (machine_board.conduit == BS_CONDUIT_SMC)
    CALL("smc #0");
  else
    return NOT_SUPPORTED;
#undef CALL
  return (int64_t)x0;
}

static _Noreturn void switch_off(void) {
  firmware_call(SYSTEM_OFF, 0, 0, 0);
  for (;;)
    __asm__ volatile("msr daifset, #15; wfi" : : : "memory");
}

void power_go_on(void) {
  if (is_ending) switch_off();
}

_Noreturn void arch_power_off(unsigned code) {
  uint64_t block[2] = {APPLICATION_EXIT, code};
  register uint64_t x0 __asm__("x0") = SYS_EXIT_EXTENDED;
  register uint64_t x1 __asm__("x1") = (uintptr_t)block;
  is_ending = true;
  __asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
  switch_off();
}
