// The stack of a task that has not run yet, and the frame of one that was interrupted.
#include "frame.h"
#include "kernel/arch.h"

extern const uint8_t task_start[];

const uint16_t arch_elf_machine = 62;

/** What `arch_switch` finds on the stack of a task, from its stack pointer up. */
struct switched {
  /** The image of FXSAVE: control word of x87 and MXCSR are set, all else is zero. */
  uint16_t control;
  uint8_t unused[22];
  uint32_t mxcsr;
  uint8_t registers[484];
  uint64_t padding;
  uint64_t r15, r14, r13, r12, rbx, rbp, return_address;
};

_Static_assert(offsetof(struct switched, padding) == 512, "FXSAVE stores 512 bytes");

enum { X87_MASKED = 0x37f, SSE_MASKED = 0x1f80 };

void *arch_task_prepare(void *top, void (*entry)(void *), void *argument) {
  // The stack at task_start's call is aligned to 16.
  struct switched *task = (struct switched *)top - 1;
  *task = (struct switched){
      .control = X87_MASKED,
      .mxcsr = SSE_MASKED,
      .r12 = (uintptr_t)argument,
      .rbx = (uintptr_t)entry,
      .return_address = (uintptr_t)task_start,
  };
  return task;
}

uint64_t arch_frame_call(const struct arch_frame *frame) {
  return frame->rax;
}

uint64_t arch_frame_argument(const struct arch_frame *frame, unsigned index) {
  switch (index) {
  case 0:
    return frame->rdi;
  case 1:
    return frame->rsi;
  case 2:
    return frame->rdx;
  case 3:
    return frame->r10;
  case 4:
    return frame->r8;
  default:
    return frame->r9;
  }
}

void arch_frame_answer(struct arch_frame *frame, uint64_t result) {
  frame->rax = result;
}

vaddr arch_frame_pc(const struct arch_frame *frame) {
  return frame->rip;
}

vaddr arch_frame_stack(const struct arch_frame *frame) {
  return frame->rsp;
}

vaddr arch_frame_pointer(const struct arch_frame *frame) {
  return frame->rbp;
}

bool arch_frame_is_user(const struct arch_frame *frame) {
  return (frame->cs & 3) != 0;
}

bool arch_frame_register(const struct arch_frame *frame, unsigned index, const char **name,
                         uint64_t *value) {
  static const struct {
    const char *name;
    size_t offset;
  } registers[] = {
#define REGISTER(field) {#field, offsetof(struct arch_frame, field)}
      REGISTER(rip), REGISTER(rsp), REGISTER(rbp), REGISTER(rflags), REGISTER(rax),
      REGISTER(rbx), REGISTER(rcx), REGISTER(rdx), REGISTER(rsi),    REGISTER(rdi),
      REGISTER(r8),  REGISTER(r9),  REGISTER(r10), REGISTER(r11),    REGISTER(r12),
      REGISTER(r13), REGISTER(r14), REGISTER(r15), REGISTER(cs),     REGISTER(ss),
#undef REGISTER
  };
  if (index >= sizeof(registers) / sizeof(registers[0])) return false;
  *name = registers[index].name;
  *value = *(const uint64_t *)((const uint8_t *)frame + registers[index].offset);
  return true;
}

vaddr arch_current_frame_pointer(void) {
  return (uintptr_t)__builtin_frame_address(0);
}
