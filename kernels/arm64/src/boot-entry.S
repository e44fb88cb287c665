// The first instructions: from the boot loader's state to C at the kernel's addresses. The header is that
// of Linux's arm64 Image (Documentation/arm64/booting.rst): x0 is the physical address of the device
// tree, MMU and data cache are off, the exception level is 1 or 2. The tables made here map what the
// first C needs and protect nothing; kernel-tables.c replaces them.
#include "cpu-local.h"
#include "memory-map.h"

// In boot_tables: the root, whose slot 0 serves lower addresses as well as DIRECT_ADDRESS.
#define TABLE_BYTES 4096
#define ROOT 0
#define DIRECT (1 * TABLE_BYTES)
#define IMAGE_UPPER (2 * TABLE_BYTES)
#define IMAGE_LOWER (3 * TABLE_BYTES)
#define TABLES_END (4 * TABLE_BYTES)

// Memory attributes 0 (cached, write-back) and 1 (device, nGnRE).
#define MAIR 0x04ff
// 48 bits for lower and upper addresses, 4 KiB pages, walks cached and inner shareable.
#define TCR_SIZES ((16 << 0) | (16 << 16))
#define TCR_CACHES ((1 << 8) | (1 << 10) | (3 << 12) | (1 << 24) | (1 << 26) | (3 << 28))
#define TCR_UPPER_4K (2 << 30)
// SCTLR_EL1: bits that are one, then MMU, caches, and the checks of stack pointers.
#define SCTLR_ONES ((1 << 11) | (1 << 20) | (1 << 22) | (1 << 23) | (1 << 28) | (1 << 29))
#define SCTLR_BITS ((1 << 0) | (1 << 2) | (1 << 3) | (1 << 4) | (1 << 12))
// EL1 with its own stack pointer, all interrupts masked.
#define PSTATE_KERNEL 0x3c5

  .section .text.header, "ax", @progbits
  .global image_header
image_header:
  b boot_primary
  .long 0
  .quad 0           // offset from a multiple of 2 MiB
  .quad image_bytes // with variables and boot stack
  .quad 0xa         // little-endian, 4 KiB pages, anywhere in memory
  .quad 0, 0, 0
  .ascii "ARM\x64"
  .long 0

  .section .text.boot, "ax", @progbits
boot_primary:
  mov x20, x0
  bl enter_el1
  adrp x21, image_start
  // What is loaded elsewhere cannot be mapped by the entry below.
  tst x21, #0x1fffff
  b.ne halt
  adrp x22, boot_tables
  bl make_boot_tables
  mov x0, x22
  mov x1, x22
  bl start_mmu
  ldr x0, =boot_upper
  br x0

halt:
  wfe
  b halt

// Goes from EL2 to EL1 where the loader has left us there; returns either way. Uses x9.
enter_el1:
  mrs x9, currentel
  cmp x9, #(2 << 2)
  b.ne 1f
  mov x9, #(1 << 31) // HCR_EL2: EL1 is 64-bit, and nothing traps to EL2
  msr hcr_el2, x9
  mov x9, #3 // EL1 reads the counters and sets the timers itself
  msr cnthctl_el2, x9
  msr cntvoff_el2, xzr
  mov x9, #0x33ff // CPTR_EL2: floating point does not trap
  msr cptr_el2, x9
  msr hstr_el2, xzr
  mrs x9, midr_el1
  msr vpidr_el2, x9
  mrs x9, mpidr_el1
  msr vmpidr_el2, x9
  mrs x9, id_aa64pfr0_el1
  ubfx x9, x9, #24, #4
  cbz x9, 2f
  mrs x9, s3_4_c12_c9_5 // ICC_SRE_EL2: GICv3 by system registers, for EL1 too
  orr x9, x9, #1
  orr x9, x9, #8
  msr s3_4_c12_c9_5, x9
2:
  mov x9, #PSTATE_KERNEL
  msr spsr_el2, x9
  msr elr_el2, x30
  mov x9, #(SCTLR_ONES & 0xffff)
  movk x9, #(SCTLR_ONES >> 16), lsl #16
  msr sctlr_el1, x9
  eret
1:
  ret

// Fills the boot tables at x22, for the image at x21 and the device tree at x20. Uses x9 to x12.
make_boot_tables:
  add x9, x22, #TABLES_END
  mov x10, x22
1:
  stp xzr, xzr, [x10], #16
  cmp x10, x9
  b.lo 1b
  add x10, x22, #DIRECT
  orr x11, x10, #(ENTRY_VALID | ENTRY_TABLE)
  str x11, [x22, #ROOT]
  add x10, x22, #IMAGE_UPPER
  orr x11, x10, #(ENTRY_VALID | ENTRY_TABLE)
  str x11, [x22, #(ROOT + 511 * 8)]
  add x11, x22, #IMAGE_LOWER
  orr x11, x11, #(ENTRY_VALID | ENTRY_TABLE)
  str x11, [x10, #(510 * 8)]
  add x10, x22, #IMAGE_LOWER
  mov x12, #ENTRY_BOOT_BLOCK
  orr x11, x21, x12
  str x11, [x10]
  // 1 GiB around the image and around the device tree, each at its own slot.
  add x10, x22, #DIRECT
  lsr x9, x21, #30
  orr x11, x12, x9, lsl #30
  and x9, x9, #511
  str x11, [x10, x9, lsl #3]
  lsr x9, x20, #30
  orr x11, x12, x9, lsl #30
  and x9, x9, #511
  str x11, [x10, x9, lsl #3]
  // The caches may hold older lines of this memory, clean ones, that the MMU would read.
  dmb sy
  mrs x9, ctr_el0
  ubfx x9, x9, #16, #4
  mov x11, #4
  lsl x9, x11, x9
  mov x10, x22
  add x12, x22, #TABLES_END
1:
  dc ivac, x10
  add x10, x10, x9
  cmp x10, x12
  b.lo 1b
  dsb sy
  ret

// Turns the MMU on with the roots x0 (lower addresses) and x1 (upper ones). Uses x9 and x10.
start_mmu:
  mov x9, #MAIR
  msr mair_el1, x9
  ldr x9, =(TCR_SIZES | TCR_CACHES | TCR_UPPER_4K)
  mrs x10, id_aa64mmfr0_el1
  and x10, x10, #7 // physical addresses as wide as the processor has them
  orr x9, x9, x10, lsl #32
  msr tcr_el1, x9
  msr ttbr0_el1, x0
  msr ttbr1_el1, x1
  mov x9, #(3 << 20) // CPACR_EL1: floating point traps nowhere
  msr cpacr_el1, x9
  msr cntkctl_el1, xzr // user mode sees no counter
  isb
  tlbi vmalle1
  ic iallu
  dsb sy
  isb
  ldr x9, =(SCTLR_ONES | SCTLR_BITS)
  msr sctlr_el1, x9
  isb
  ret

// At the kernel's addresses: a stack, cleared variables, this processor's own record.
boot_upper:
  adrp x0, bss_start
  add x0, x0, :lo12:bss_start
  adrp x1, bss_end
1:
  cmp x0, x1
  b.hs 2f
  stp xzr, xzr, [x0], #16
  b 1b
2:
  adrp x0, boot_stack_top
  mov sp, x0
  adrp x1, cpu_locals
  add x1, x1, :lo12:cpu_locals
  msr tpidr_el1, x1
  adrp x0, fault_stacks
  add x0, x0, :lo12:fault_stacks
  add x0, x0, #4096
  str x0, [x1, #CPU_FAULT_STACK]
  adr x0, vectors
  msr vbar_el1, x0
  isb
  mov x29, xzr
  mov x30, xzr
  mov x0, x20
  mov x1, x21
  b arm64_start

// A further processor begins here, by PSCI's CPU_ON: x0 is the physical address of its cpu_local.
  .global secondary_entry
secondary_entry:
  mov x20, x0
  bl enter_el1
  adrp x0, boot_tables
  ldr x1, [x20, #CPU_START_ROOT]
  bl start_mmu
  ldr x0, =secondary_upper
  br x0
secondary_upper:
  ldr x0, =DIRECT_ADDRESS
  add x20, x20, x0
  // The record where the kernel names it: in the image.
  ldr x9, [x20, #CPU_INDEX]
  adrp x1, cpu_locals
  add x1, x1, :lo12:cpu_locals
  add x1, x1, x9, lsl #6
  msr tpidr_el1, x1
  ldr x0, [x1, #CPU_START_STACK]
  mov sp, x0
  adr x0, vectors
  msr vbar_el1, x0
  isb
  mov x29, xzr
  mov x30, xzr
  mov x0, x9
  b arm64_secondary
