// Segments, the task state and the interrupt descriptor table.
#include "cpu-area.h"
#include "cpu.h"
#include "interrupts.h"
#include "kernel/address.h"

enum {
  MSR_STAR = 0xc0000081,
  MSR_LSTAR = 0xc0000082,
  MSR_SFMASK = 0xc0000084,
  MSR_GS_BASE = 0xc0000101,
  MSR_KERNEL_GS_BASE = 0xc0000102,
};

/** What SYSCALL clears: trap, interrupt, direction, nested task and alignment check flags. */
enum { SYSTEM_CALL_CLEARS = 0x100 | 0x200 | 0x400 | 0x4000 | 0x40000 };

/** A descriptor that LGDT and LIDT read. */
struct table {
  uint16_t limit;
  uint64_t base;
} __attribute__((packed));

/** A gate of the interrupt descriptor table. */
struct gate {
  uint16_t offset_low;
  uint16_t selector;
  uint8_t stack;
  uint8_t kind;
  uint16_t offset_middle;
  uint32_t offset_high;
  uint32_t reserved;
};

extern const uint8_t trap_entries[256][16];
extern const uint8_t system_call_entry[];
extern uint8_t boot_stack_top[];

static struct gate gates[256];
static struct cpu_area boot_area;

_Static_assert(sizeof(struct cpu_area) <= CPU_AREA_PAGES * PAGE_BYTES, "an area fits its frames");

static void fill_gates(void) {
  for (unsigned vector = 0; vector < 256; vector++) {
    uint64_t entry = (uintptr_t)trap_entries[vector];
    // Exception stacks 1 to 3: NMI, double fault, machine check.
    uint8_t stack = vector == 2 ? 1 : vector == 8 ? 2 : vector == 18 ? 3 : 0;
    gates[vector] = (struct gate){
        .offset_low = (uint16_t)entry,
        .selector = KERNEL_CODE,
        .stack = stack,
        // An interrupt gate; user mode itself may raise the breakpoint alone.
        .kind = vector == 3 ? 0xee : 0x8e,
        .offset_middle = (uint16_t)(entry >> 16),
        .offset_high = (uint32_t)(entry >> 32),
    };
  }
}

void cpu_area_fill(struct cpu_area *area, unsigned index, void *stack_top) {
  area->index = index;
  area->stack_top = (uintptr_t)stack_top;
  area->state.stack[0] = (uintptr_t)stack_top;
  area->state.ports = sizeof(struct task_state);
  for (unsigned i = 0; i < EXCEPTION_STACKS; i++)
    area->state.exception_stack[i] = (uintptr_t)area->exception_stacks[i] + EXCEPTION_STACK_BYTES;
  uint64_t base = (uintptr_t)&area->state;
  area->descriptors[1] = UINT64_C(0x00af9b000000ffff);
  area->descriptors[2] = UINT64_C(0x00cf93000000ffff);
  // SYSRET finds data and code of user mode in this order, behind code of 32 bits that nobody has.
  area->descriptors[4] = UINT64_C(0x00cff3000000ffff);
  area->descriptors[5] = UINT64_C(0x00affb000000ffff);
  area->descriptors[6] = (sizeof(struct task_state) - 1) | (base & 0xffffff) << 16 |
                         UINT64_C(0x89) << 40 | (base >> 24 & 0xff) << 56;
  area->descriptors[7] = base >> 32;
}

void cpu_area_load(struct cpu_area *area) {
  struct table descriptors = {sizeof(area->descriptors) - 1, (uintptr_t)area->descriptors};
  struct table interrupts = {sizeof(gates) - 1, (uintptr_t)gates};
  __asm__ volatile("lgdt %0; lidt %1; ltr %w2"
                   :
                   : "m"(descriptors), "m"(interrupts), "r"(TASK_STATE)
                   : "memory");
  write_msr(MSR_GS_BASE, (uintptr_t)area);
  write_msr(MSR_KERNEL_GS_BASE, 0);
  write_msr(MSR_STAR, (uint64_t)24 << 48 | (uint64_t)KERNEL_CODE << 32);
  write_msr(MSR_LSTAR, (uintptr_t)system_call_entry);
  write_msr(MSR_SFMASK, SYSTEM_CALL_CLEARS);
}

void exceptions_start(void) {
  fill_gates();
  cpu_area_fill(&boot_area, 0, boot_stack_top);
  cpu_area_load(&boot_area);
}
