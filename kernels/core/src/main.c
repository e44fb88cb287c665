// The boot path of the kernel: one step a line, in the order in which they stand on each other.
#include "kernel/devices.h"
#include "kernel/entry.h"
#include "kernel/frames.h"
#include "kernel/log.h"
#include "kernel/self-test.h"

static void require(bs_status status, const char *what) {
  if (status != BS_OK) kernel_panic(NULL, "%s: status %u", what, (unsigned)status);
}

static void start_memory(const struct boot_info *boot) {
  require(frames_start(boot), "no RAM for the frame map");
  log_stage("frames", "%zu of 4 KiB free", frames_free());
  require(arch_memory_start(boot), "page tables of the kernel");
  log_stage("paging", "text is not written, data is not executed, page 0 is absent");
}

static void start_time(void) {
  const char *how;
  arch_interrupts_start();
  log_stage("interrupts", "ready");
  require(arch_time_start(&how), "no clock");
  log_stage("clock", "%s", how);
}

_Noreturn void kernel_main(const struct boot_info *boot) {
  log_stage("boot", "%s, %s, %u regions, %u devices, \"%s\"", ARCH_NAME, boot->protocol,
            boot->region_count, boot->device_count, boot->command_line);
  start_memory(boot);
  start_time();
  devices_start(boot);
  unsigned code = EXIT_DONE;
  if (kernel_self_test != NULL) code = kernel_self_test(boot);
  log_stage("off", "code %u", code);
  arch_power_off(code);
}
