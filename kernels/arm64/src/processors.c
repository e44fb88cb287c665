// The processors of the machine, and the start of further ones by the firmware.
#include "cpu-local.h"
#include "cpu.h"
#include "interrupts.h"
#include "kernel-tables.h"
#include "kernel/entry.h"
#include "machine.h"
#include "memory-map.h"
#include "power.h"
#include "timer.h"

/** PSCI, with 64-bit arguments. */
enum { CPU_ON = 0xc4000003u };

enum { FAULT_STACK_BYTES = 4096 };

extern const uint8_t secondary_entry[];
_Noreturn void arm64_secondary(unsigned cpu);

struct cpu_local cpu_locals[CPUS_MAX];
uint8_t fault_stacks[CPUS_MAX][FAULT_STACK_BYTES] __attribute__((aligned(16)));

unsigned arch_cpu(void) {
  return (unsigned)this_cpu()->index;
}

unsigned arch_cpu_count(void) {
  unsigned count = machine_board.cpu_count;
  return count == 0 ? 1 : count < CPUS_MAX ? count : CPUS_MAX;
}

bs_status arch_cpu_start(unsigned cpu, void *stack_top) {
  if (cpu == 0 || cpu >= arch_cpu_count()) return BS_INVALID;
  struct cpu_local *local = &cpu_locals[cpu];
  *local = (struct cpu_local){
      .index = cpu,
      .task_stack = (uintptr_t)stack_top,
      .fault_stack = (uintptr_t)&fault_stacks[cpu][FAULT_STACK_BYTES],
      .start_stack = (uintptr_t)stack_top,
      .start_root = kernel_tables_root(),
  };
  // The processor reads its record with its caches off.
  __asm__ volatile("dc civac, %0; dsb sy" : : "r"(local) : "memory");
  int64_t status = firmware_call(CPU_ON, machine_board.cpus[cpu], arch_physical(secondary_entry),
                                 arch_physical(local));
  return status == 0 ? BS_OK : BS_UNSUPPORTED;
}

/** From boot-entry.S, on the stack that was given. */
_Noreturn void arm64_secondary(unsigned cpu) {
  kernel_tables_enter();
  interrupts_start_cpu();
  timer_start_cpu();
  kernel_cpu_main(cpu);
}

void arch_relax(void) {
  __asm__ volatile("yield" : : : "memory");
}
