// The console: a PL011 (Arm DDI 0183) in QEMU, a 16550 in Firecracker. Their loaders have set the
// line.
#include "console.h"

#include "cpu.h"
#include "kernel/arch.h"
#include "machine.h"

enum { PL011_DATA = 0, PL011_FLAGS = 0x18, PL011_EMPTY = 0x10, PL011_FULL = 0x20 };
enum { NS16550_DATA = 0, NS16550_LINE = 5, NS16550_RECEIVED = 1, NS16550_SENT = 0x20 };

/** A line that stays full this long is not there. */
enum { TRIES = 100000 };

static void *port;

void console_start(void) {
  if (machine_board.console != BS_CONSOLE_NONE)
    port = arch_direct(machine_board.console_registers.start);
}

static bool is_full(void) {
  if (machine_board.console == BS_CONSOLE_PL011)
    return (read_register(port, PL011_FLAGS) & PL011_FULL) != 0;
  return (read_byte_register(port, NS16550_LINE) & NS16550_SENT) == 0;
}

void arch_console_write(uint8_t byte) {
  if (port == NULL) return;
  for (unsigned i = 0; i < TRIES && is_full(); i++) {
  }
  if (machine_board.console == BS_CONSOLE_PL011)
    write_register(port, PL011_DATA, byte);
  else
    write_byte_register(port, NS16550_DATA, byte);
}

int arch_console_read(void) {
  if (port == NULL) return -1;
  if (machine_board.console == BS_CONSOLE_PL011) {
    bool empty = (read_register(port, PL011_FLAGS) & PL011_EMPTY) != 0;
    return empty ? -1 : (int)(read_register(port, PL011_DATA) & 0xff);
  }
  bool received = (read_byte_register(port, NS16550_LINE) & NS16550_RECEIVED) != 0;
  return received ? read_byte_register(port, NS16550_DATA) : -1;
}
