// System calls: finds the call by its number.
#include "kernel/entry.h"

void kernel_system_call(struct arch_frame *frame) {
  arch_frame_answer(frame, BS_UNSUPPORTED);
}
