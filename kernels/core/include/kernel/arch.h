// The contract of architectures: what kernels/core asks of the processor and the board that it runs
// on. Each architecture implements exactly this, and core holds no line for any one of them. What
// an architecture calls in turn is in entry.h.
//
// Order of the calls while booting: console and boot_info are ready before `kernel_main`;
// `arch_memory_start`, `arch_interrupts_start`, `arch_time_start` follow, each once, in this order.
#pragma once

#include "basalt/status.h"
#include "kernel/address.h"
#include "kernel/boot-info.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Console: a serial line. Usable from the first instruction of `kernel_main` on, also in a panic.

/** Sends a byte; waits, bounded, while the line is full. */
void arch_console_write(uint8_t byte);
/** A byte that came in, or -1. */
int arch_console_read(void);

// Memory. All RAM below `arch_direct_limit` is reachable through `arch_direct`, from `kernel_main`
// on. Until `arch_memory_start` it is so by the tables of the boot code, which protect nothing.

/** The name of the architecture, "x86_64" or "arm64". */
extern const char ARCH_NAME[];
/** User addresses are `arch_user_start` <= address < `arch_user_end`; page 0 is never among them.
 */
extern const vaddr arch_user_start, arch_user_end;
/** RAM from here on is left unused. */
extern const paddr arch_direct_limit;
/** Where the kernel reaches a physical address. */
void *arch_direct(paddr address);
/** The inverse of `arch_direct`. */
paddr arch_physical(const void *pointer);
/** Builds the kernel's own page tables from frames of `frames_take` and switches to them: text is
 * executed and not written, constants only read, all else never executed; page 0 and the guard
 * below each boot stack are absent; registers of the listed devices are reachable. */
bs_status arch_memory_start(const struct boot_info *boot);
/** Changes what the kernel may do with pages of its own: ACCESS_NONE makes guard pages. */
bs_status arch_kernel_protect(const void *start, size_t bytes, unsigned access);
/** Reads the tables: what the kernel itself may do at an address (for the tests of W^X). */
unsigned arch_kernel_access(vaddr address);

/** A user address space: the physical address of its root table. The kernel is mapped in each, for
 * the kernel alone. */
typedef paddr arch_space;

/** Makes an empty space. BS_NOMEM when there is no frame left. */
bs_status arch_space_create(arch_space *out);
/** Gives back the tables of a space that no CPU is in; frames that were mapped are the caller's. */
void arch_space_destroy(arch_space space);
/** Maps one page for user mode. BS_INVALID for an address that is no aligned user address, for one
 * that is mapped, and for write with execute; BS_NOMEM without a change. */
bs_status arch_space_map(arch_space space, vaddr page, paddr frame, unsigned access);
/** Changes the access of a mapped page, or removes the mapping with ACCESS_NONE; this CPU forgets
 * the translation at once, others at the latest with `arch_space_forget`. BS_NOENT when nothing is
 * mapped. */
bs_status arch_space_protect(arch_space space, vaddr page, unsigned access);
/** The frame behind a user page and what user mode may do there. BS_NOENT when nothing is mapped.
 */
bs_status arch_space_find(arch_space space, vaddr page, paddr *frame, unsigned *access);
/** This CPU forgets all translations of user addresses. */
void arch_space_forget(void);
/** User addresses now mean this space; 0 is the space without any user page. */
void arch_space_enter(arch_space space);

// Tasks. A task has one kernel stack. What an architecture keeps of a task that does not run
// (callee- saved and floating point registers) is on that stack. Code of core and of architectures
// uses general registers alone.

/** Makes the stack such that the first `arch_switch` to the value returned calls entry(argument),
 * with interrupts off. `entry` never returns. `top` is aligned to 16. */
void *arch_task_prepare(void *top, void (*entry)(void *), void *argument);
/** Leaves the running task, its stack pointer in *save, and goes on where `next` was left.
 * Interrupts are off. `top` is the end of the stack that is entered, where traps of user mode will
 * begin. */
void arch_switch(void **save, void *next, void *top);
/** Enters user mode for the first time in this task: at `entry`, with stack pointer `stack`
 * (aligned to 16), the argument in the first argument register, all others zero, interrupts on. */
_Noreturn void arch_enter_user(vaddr entry, vaddr stack, uint64_t argument);

/** The processor's number in ELF files (e_machine). */
extern const uint16_t arch_elf_machine;

/** Registers of what a trap interrupted; on the kernel stack. */
struct arch_frame;

/** What a system call asks for: x86_64 rax, arm64 x8. */
uint64_t arch_frame_call(const struct arch_frame *frame);
/** Argument 0 to 5: x86_64 rdi rsi rdx r10 r8 r9, arm64 x0 to x5. */
uint64_t arch_frame_argument(const struct arch_frame *frame, unsigned index);
/** What a system call answers: x86_64 rax, arm64 x0. */
void arch_frame_answer(struct arch_frame *frame, uint64_t result);
/** Where the interrupted code was, its stack pointer and its frame pointer. */
vaddr arch_frame_pc(const struct arch_frame *frame);
vaddr arch_frame_stack(const struct arch_frame *frame);
vaddr arch_frame_pointer(const struct arch_frame *frame);
/** Whether user mode was interrupted. */
bool arch_frame_is_user(const struct arch_frame *frame);
/** Register `index` of the frame for a panic; false when there are no more. */
bool arch_frame_register(const struct arch_frame *frame, unsigned index, const char **name,
                         uint64_t *value);
/** The frame pointer of the caller. A frame pointer points at the caller's one, and the return
 * address is in the 8 bytes above: both architectures are compiled so. */
vaddr arch_current_frame_pointer(void);

// Interrupts.

/** Sets up exceptions and the interrupt controller; all lines are off. */
void arch_interrupts_start(void);
/** Turns interrupts off on this CPU; says whether they were on. */
bool arch_interrupts_disable(void);
/** Back to what `arch_interrupts_disable` said. */
void arch_interrupts_restore(bool on);
/** Sleeps until an interrupt comes and was handled, without losing one that came before: called
 * with interrupts off, returns with interrupts off. */
void arch_wait(void);
/** Lets a line of a device come to `kernel_interrupt`; or no longer. */
bs_status arch_interrupt_enable(uint32_t line);
void arch_interrupt_disable(uint32_t line);

// Time.

/** Finds the clock's frequency and starts it; 0 ns is about the power-on or this call. `how` says
 * for the log where the frequency is from. BS_UNSUPPORTED when the machine has no usable clock. */
bs_status arch_time_start(const char **how);
/** Nanoseconds, never going back on one CPU. */
uint64_t arch_clock(void);
/** `kernel_timer` is called once, at `deadline` or soon after, on this CPU; at once if that has
 * passed. The last call counts; UINT64_MAX means never. */
void arch_timer_set(uint64_t deadline);

// Processors.

/** Number of the CPU that asks: 0 is the one that booted. */
unsigned arch_cpu(void);
/** How many CPUs the machine has, at most 8. */
unsigned arch_cpu_count(void);
/** Starts a further CPU, which calls `kernel_cpu_main` on the stack. BS_UNSUPPORTED where it
 * cannot. */
bs_status arch_cpu_start(unsigned cpu, void *stack_top);
/** Tells the processor that it waits for another one to store something. */
void arch_relax(void);
/** Interrupts another CPU, which calls `kernel_notified`. */
void arch_cpu_notify(unsigned cpu);

// Machine.

/** 64 bits of entropy of the processor; false where it has none. */
bool arch_random(uint64_t *out);
/** Ends the machine. Where the machine can tell a code to its host, it tells this one (0 to 63). */
_Noreturn void arch_power_off(unsigned code);
