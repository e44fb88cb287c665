// The first C of x86_64: turns what either loader left into the records of core, and calls core.
#include "boot-records.h"
#include "interrupts.h"
#include "kernel/entry.h"

_Noreturn void x86_start(unsigned protocol, const void *left);

const char ARCH_NAME[] = "x86_64";

static struct boot_info boot;

_Noreturn void x86_start(unsigned protocol, const void *left) {
  exceptions_start();
  if (protocol == 0)
    read_pvh_records(left, &boot);
  else
    read_linux_records(left, &boot);
  kernel_main(&boot);
}
