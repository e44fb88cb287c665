// What an exception was, from ESR_EL1 (Arm ARM, section D17.2.37).
#include "cpu.h"
#include "frame.h"
#include "kernel/entry.h"
#include "power.h"

/** Classes of exceptions. */
enum {
  CLASS_UNKNOWN = 0x00,
  CLASS_ILLEGAL_STATE = 0x0e,
  CLASS_SYSTEM_CALL = 0x15,
  CLASS_SYSTEM_REGISTER = 0x18,
  CLASS_FETCH_OF_USER = 0x20,
  CLASS_FETCH = 0x21,
  CLASS_PC_ALIGNMENT = 0x22,
  CLASS_DATA_OF_USER = 0x24,
  CLASS_DATA = 0x25,
  CLASS_STACK_ALIGNMENT = 0x26,
  CLASS_FLOAT = 0x2c,
  CLASS_SYSTEM_ERROR = 0x2f,
  CLASS_BREAKPOINT = 0x3c,
};

enum { CLASS_SHIFT = 26, STATUS_MASK = 0x3f, STATUS_EXTERNAL = 0x10, STATUS_ALIGNMENT = 0x21 };
enum { WAS_WRITE = 1 << 6, WAS_MAINTENANCE = 1 << 8 };

static struct fault simple_fault(enum fault_kind kind, const char *name) {
  return (struct fault){.kind = kind, .name = name};
}

/** A data access or an instruction fetch that the MMU or the memory refused. */
static struct fault abort_fault(uint64_t syndrome, bool fetch) {
  uint64_t status = syndrome & STATUS_MASK;
  if (status == STATUS_EXTERNAL) return simple_fault(FAULT_MACHINE, "synchronous external abort");
  if (status == STATUS_ALIGNMENT) return simple_fault(FAULT_ALIGNMENT, "alignment fault");
  struct fault fault = simple_fault(FAULT_PAGE, fetch ? "instruction abort" : "data abort");
  bool write = !fetch && (syndrome & WAS_WRITE) != 0 && (syndrome & WAS_MAINTENANCE) == 0;
  fault.address = READ_SYSTEM(far_el1);
  fault.access = fetch ? ACCESS_EXECUTE : write ? ACCESS_WRITE : ACCESS_READ;
  return fault;
}

static struct fault fault_of(uint64_t syndrome) {
  switch (syndrome >> CLASS_SHIFT & 0x3f) {
  case CLASS_UNKNOWN:
    return simple_fault(FAULT_INSTRUCTION, "undefined instruction");
  case CLASS_ILLEGAL_STATE:
    return simple_fault(FAULT_INSTRUCTION, "illegal execution state");
  case CLASS_SYSTEM_REGISTER:
    return simple_fault(FAULT_INSTRUCTION, "system register or instruction");
  case CLASS_FETCH_OF_USER:
  case CLASS_FETCH:
    return abort_fault(syndrome, true);
  case CLASS_DATA_OF_USER:
  case CLASS_DATA:
    return abort_fault(syndrome, false);
  case CLASS_PC_ALIGNMENT:
    return simple_fault(FAULT_ALIGNMENT, "PC alignment fault");
  case CLASS_STACK_ALIGNMENT:
    return simple_fault(FAULT_ALIGNMENT, "SP alignment fault");
  case CLASS_FLOAT:
    return simple_fault(FAULT_ARITHMETIC, "floating point exception");
  case CLASS_SYSTEM_ERROR:
    return simple_fault(FAULT_MACHINE, "SError");
  case CLASS_BREAKPOINT:
    return simple_fault(FAULT_BREAKPOINT, "BRK instruction");
  default:
    return simple_fault(FAULT_OTHER, "exception");
  }
}

void arm64_user_exception(struct arch_frame *frame);
void arm64_user_error(struct arch_frame *frame);
_Noreturn void arm64_broken(struct arch_frame *frame, unsigned vector);

/** A synchronous exception of user mode: a system call, or what it must not do. */
void arm64_user_exception(struct arch_frame *frame) {
  uint64_t syndrome = READ_SYSTEM(esr_el1);
  if ((syndrome >> CLASS_SHIFT & 0x3f) == CLASS_SYSTEM_CALL) {
    kernel_system_call(frame);
    return;
  }
  struct fault fault = fault_of(syndrome);
  fault.detail = syndrome;
  kernel_fault(frame, &fault);
}

/** The memory or a device reported an error while user mode ran. */
void arm64_user_error(struct arch_frame *frame) {
  struct fault fault = simple_fault(FAULT_MACHINE, "SError");
  fault.detail = READ_SYSTEM(esr_el1);
  kernel_fault(frame, &fault);
}

/** An exception that the kernel does not cause unless it is broken, on a stack of its own. */
_Noreturn void arm64_broken(struct arch_frame *frame, unsigned vector) {
  static const char *const names[] = {"", "interrupt of a mode that is never used", "FIQ",
                                      "SError"};
  power_go_on();
  struct fault fault =
      vector == 0 ? fault_of(READ_SYSTEM(esr_el1)) : simple_fault(FAULT_MACHINE, names[vector]);
  fault.detail = READ_SYSTEM(esr_el1);
  kernel_fault(frame, &fault);
  kernel_panic(frame, "%s: an exception of the kernel was returned from", fault.name);
}
