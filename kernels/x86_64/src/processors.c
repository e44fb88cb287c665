// The CPUs of the machine, and the start of further ones (Intel SDM volume 3, 9.4). How many there
// are, QEMU's firmware configuration tells; where it is absent, the one that booted is used alone.
#include "cpu-area.h"
#include "cpu.h"
#include "interrupts.h"
#include "kernel-memory.h"
#include "kernel/entry.h"
#include "kernel/limits.h"
#include "local-apic.h"
#include "second-entry.h"

_Noreturn void x86_second_start(void);

/** The firmware configuration of QEMU (its docs/specs/fw_cfg.rst). */
enum { CONFIG_SELECT = 0x510, CONFIG_DATA = 0x511, CONFIG_SIGNATURE = 0, CONFIG_CPUS = 5 };

/** Interrupt commands. */
enum { COMMAND_INIT = 0x4500, COMMAND_START = 0x4600, COMMAND_FIXED = 0x4000 };

/** What the manual asks for between INIT and start-up. */
#define INIT_NS UINT64_C(10000000)

/** A CPU that has not come up after a minute never will. */
#define START_NS UINT64_C(60000000000)

extern const uint8_t second_code[], second_code_end[], second_root[], second_stack[];

/** The CPU that is being started, and whether it has come up. */
static struct cpu_area *starting;
static bool has_started;

unsigned arch_cpu(void) {
  uint64_t index;
  __asm__ volatile("movq %%gs:%c1, %0" : "=r"(index) : "i"(AREA_INDEX));
  return (unsigned)index;
}

static void read_config(uint16_t item, uint8_t *to, unsigned bytes) {
  out16(CONFIG_SELECT, item);
  for (unsigned i = 0; i < bytes; i++)
    to[i] = in8(CONFIG_DATA);
}

unsigned arch_cpu_count(void) {
  static const uint8_t signature[4] = {'Q', 'E', 'M', 'U'};
  uint8_t said[4], count[2];
  read_config(CONFIG_SIGNATURE, said, sizeof(said));
  if (__builtin_memcmp(said, signature, sizeof(said)) != 0) return 1;
  read_config(CONFIG_CPUS, count, sizeof(count));
  unsigned cpus = count[0] | (unsigned)count[1] << 8;
  return cpus == 0 ? 1 : cpus < CPUS_MAX ? cpus : CPUS_MAX;
}

/** From second-entry.S, on the stack that was given. */
_Noreturn void x86_second_start(void) {
  struct cpu_area *area = starting;
  cpu_area_load(area);
  local_apic_start();
  __atomic_store_n(&has_started, true, __ATOMIC_RELEASE);
  kernel_cpu_main((unsigned)area->index);
}

static void wait_for(uint64_t ns, const bool *until) {
  uint64_t start = arch_clock();
  while (arch_clock() - start < ns && !(until != NULL && __atomic_load_n(until, __ATOMIC_ACQUIRE)))
    arch_relax();
}

/** Puts the code where the CPU begins, with the kernel's tables and its stack. */
static bs_status copy_code(void *stack_top) {
  uint8_t *page = arch_direct(SECOND_PAGE);
  bs_status status = arch_kernel_protect(page, PAGE_BYTES, ACCESS_READ | ACCESS_WRITE);
  if (status != BS_OK) return status;
  __builtin_memcpy(page, second_code, (size_t)(second_code_end - second_code));
  *(uint64_t *)(page + (second_root - second_code)) = kernel_root_frame();
  *(uint64_t *)(page + (second_stack - second_code)) = (uintptr_t)stack_top;
  return arch_kernel_protect(page, PAGE_BYTES, ACCESS_READ | ACCESS_EXECUTE);
}

/** Whether this is a virtual machine, whose CPUs need no time between the steps. */
static bool is_virtual(void) {
  return (read_cpuid(1, 0).c >> 31) != 0;
}

bs_status arch_cpu_start(unsigned cpu, void *stack_top) {
  paddr frames;
  if (cpu == 0 || cpu >= arch_cpu_count()) return BS_INVALID;
  if (!frames_take_run(CPU_AREA_PAGES, &frames)) return BS_NOMEM;
  bs_status status = copy_code(stack_top);
  if (status == BS_OK) {
    has_started = false;
    starting = arch_direct(frames);
    cpu_area_fill(starting, cpu, stack_top);
    local_apic_send(cpu, COMMAND_INIT);
    wait_for(is_virtual() ? 0 : INIT_NS, NULL);
    local_apic_send(cpu, COMMAND_START | SECOND_PAGE / PAGE_BYTES);
    wait_for(START_NS, &has_started);
    // Without an answer the CPU may still come: what it would use stays.
    status = has_started ? BS_OK : BS_TIMEOUT;
  } else {
    frames_give_run(frames, CPU_AREA_PAGES);
  }
  arch_kernel_protect(arch_direct(SECOND_PAGE), PAGE_BYTES, ACCESS_READ | ACCESS_WRITE);
  return status;
}

void arch_cpu_notify(unsigned cpu) {
  local_apic_send(cpu, COMMAND_FIXED | VECTOR_NOTIFY);
}

void arch_relax(void) {
  __asm__ volatile("pause" : : : "memory");
}
