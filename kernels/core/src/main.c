// The boot path of the kernel: one step a line, in the order in which they stand on each other.
#include "image.h"
#include "interface.h"
#include "kernel-lock.h"
#include "kernel/devices.h"
#include "kernel/entry.h"
#include "kernel/frames.h"
#include "kernel/log.h"
#include "kernel/processors.h"
#include "kernel/self-test.h"
#include "power.h"
#include "random.h"
#include "workload.h"

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

/** The other processors run tasks as soon as they are there. */
static void start_processors(void) {
  scheduler_open();
  for (unsigned cpu = 1; cpu < arch_cpu_count(); cpu++)
    processor_start(cpu);
  log_stage("processors", "%u of %u", processor_count(), arch_cpu_count());
}

/** The program that came along; without one there is nothing to do. */
static _Noreturn void run_workload(const struct boot_info *boot) {
  const char *why;
  if (boot->workload_bytes == 0) {
    log_stage("workload", "none");
    kernel_power_off(EXIT_DONE);
  }
  uint32_t all = (1u << BS_CAP_ATOM) - 1;
  if (workload_start(arch_direct(boot->workload), boot->workload_bytes, all, &why) != BS_OK) {
    log_stage("workload", "refused: %s", why);
    kernel_power_off(EXIT_FAILED);
  }
  start_processors();
  log_stage("workload", "%llu bytes", (unsigned long long)boot->workload_bytes);
  scheduler_run();
}

_Noreturn void kernel_main(const struct boot_info *boot) {
  kernel_enter();
  log_stage("boot", "%s, %s, %u regions, %u devices, \"%s\"", ARCH_NAME, boot->protocol,
            boot->region_count, boot->device_count, boot->command_line);
  start_memory(boot);
  start_time();
  devices_start(boot);
  random_start();
  interface_start(boot);
  image_load();
  if (kernel_self_test != NULL) kernel_power_off(kernel_self_test(boot));
  run_workload(boot);
}
