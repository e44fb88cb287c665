// The console: the first serial port of a PC (16550).
#include "cpu.h"
#include "kernel/arch.h"

enum { COM1 = 0x3f8, LINE_STATUS = COM1 + 5, RECEIVED = 1, SEND_EMPTY = 0x20 };

/** A line that stays full this long is not there. */
enum { TRIES = 100000 };

void arch_console_write(uint8_t byte) {
  for (unsigned i = 0; i < TRIES && (in8(LINE_STATUS) & SEND_EMPTY) == 0; i++) {
  }
  out8(COM1, byte);
}

int arch_console_read(void) {
  uint8_t status = in8(LINE_STATUS);
  // A port that is not there reads as all ones.
  return status != 0xff && (status & RECEIVED) != 0 ? in8(COM1) : -1;
}
