// The end of a kernel that has found itself broken: what, registers, backtrace, power off. It takes
// no memory and no lock. Addresses go out as numbers; the boot executor names them from the symbol
// file.
#include "kernel/entry.h"
#include "kernel/log.h"

#include <stdarg.h>

/** How many callers are shown. */
enum { BACKTRACE_MAX = 24 };

static void show_registers(const struct arch_frame *frame) {
  const char *name;
  uint64_t value;
  for (unsigned i = 0; arch_frame_register(frame, i, &name, &value); i++)
    log_text("%s%s=%016llx", i % 4 == 0 ? "\n  " : " ", name, (unsigned long long)value);
  log_text("\n");
}

/** Follows frame pointers as long as they rise through memory of the kernel. */
static void show_backtrace(vaddr pc, vaddr frame_pointer) {
  log_text("backtrace:\n");
  if (pc != 0) log_text("  at 0x%016llx\n", (unsigned long long)pc);
  for (unsigned i = 0; i < BACKTRACE_MAX; i++) {
    bool usable = frame_pointer != 0 && frame_pointer % sizeof(vaddr) == 0 &&
                  (arch_kernel_access(frame_pointer) & ACCESS_READ) != 0 &&
                  (arch_kernel_access(frame_pointer + sizeof(vaddr)) & ACCESS_READ) != 0;
    if (!usable) return;
    const vaddr *link = (const vaddr *)(uintptr_t)frame_pointer;
    if (link[1] == 0) return;
    log_text("  at 0x%016llx\n", (unsigned long long)link[1]);
    if (link[0] <= frame_pointer) return;
    frame_pointer = link[0];
  }
}

void kernel_panic(const struct arch_frame *frame, const char *format, ...) {
  static bool panicking;
  arch_interrupts_disable();
  if (panicking) arch_power_off(EXIT_PANIC);
  panicking = true;
  va_list arguments;
  va_start(arguments, format);
  log_text("\npanic: ");
  log_arguments(format, arguments);
  va_end(arguments);
  if (frame != NULL) {
    show_registers(frame);
    show_backtrace(arch_frame_pc(frame), arch_frame_pointer(frame));
  } else {
    log_text("\n");
    show_backtrace(0, arch_current_frame_pointer());
  }
  log_text("panic end\n");
  arch_power_off(EXIT_PANIC);
}
