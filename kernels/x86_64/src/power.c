// The end of the machine. The host learns a code through QEMU's isa-debug-exit device.
#include "cpu.h"
#include "kernel/arch.h"

/** QEMU ends with status (value << 1) | 1. The values begin here, so that success (33) is not what
 * QEMU itself ends with when it fails (1). */
enum { DEBUG_EXIT = 0xf4, DEBUG_EXIT_FIRST = 0x10 };

/** Firecracker ends when the keyboard controller is told to reset the machine. */
enum { KEYBOARD_COMMAND = 0x64, KEYBOARD_RESET = 0xfe };

_Noreturn void arch_power_off(unsigned code) {
  out8(DEBUG_EXIT, (uint8_t)(DEBUG_EXIT_FIRST + (code < 64 ? code : 63)));
  out8(KEYBOARD_COMMAND, KEYBOARD_RESET);
  // A machine without either: an exception without handlers resets it (QEMU -no-reboot then ends).
  static const struct {
    uint16_t limit;
    uint64_t base;
  } __attribute__((packed)) nothing = {0, 0};
  __asm__ volatile("lidt %0; int3" : : "m"(nothing));
  for (;;)
    __asm__ volatile("cli; hlt");
}
