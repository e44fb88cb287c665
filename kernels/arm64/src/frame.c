// What core asks of a frame.
#include "frame.h"

/** The register that names a system call, and the frame pointer (Procedure Call Standard). */
enum { CALL = 8, ARGUMENTS = 6, FRAME_POINTER = 29 };

/** Bits of the saved state that say at which level the code ran. */
enum { STATE_LEVEL = 0xf };

uint64_t arch_frame_call(const struct arch_frame *frame) {
  return frame->x[CALL];
}

uint64_t arch_frame_argument(const struct arch_frame *frame, unsigned index) {
  return index < ARGUMENTS ? frame->x[index] : 0;
}

void arch_frame_answer(struct arch_frame *frame, uint64_t result) {
  frame->x[0] = result;
}

vaddr arch_frame_pc(const struct arch_frame *frame) {
  return frame->pc;
}

vaddr arch_frame_stack(const struct arch_frame *frame) {
  return frame->stack;
}

vaddr arch_frame_pointer(const struct arch_frame *frame) {
  return frame->x[FRAME_POINTER];
}

bool arch_frame_is_user(const struct arch_frame *frame) {
  return (frame->state & STATE_LEVEL) == 0;
}

bool arch_frame_register(const struct arch_frame *frame, unsigned index, const char **name,
                         uint64_t *value) {
  static const char *const names[] = {"x0 ", "x1 ", "x2 ", "x3 ", "x4 ", "x5 ", "x6 ", "x7 ", "x8 ",
                                      "x9 ", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17",
                                      "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26",
                                      "x27", "x28", "x29", "x30", "sp ", "pc ", "spsr"};
  // The frame is its registers in the order of the names.
  if (index >= sizeof *frame / sizeof(uint64_t)) return false;
  *name = names[index];
  *value = ((const uint64_t *)frame)[index];
  return true;
}

vaddr arch_current_frame_pointer(void) {
  // Its own frame is gone when it has returned: that of its caller is what its own one points at.
  const vaddr *own = __builtin_frame_address(0);
  return *own;
}
