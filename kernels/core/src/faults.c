// Exceptions: one of the kernel is a panic, one of a program ends its task and nothing else.
#include "kernel-lock.h"
#include "kernel/entry.h"
#include "kernel/log.h"
#include "task.h"

_Static_assert(FAULT_PAGE == BS_FAULT_PAGE && FAULT_OTHER == BS_FAULT_OTHER,
               "kinds of faults are those of the ABI");

static const char *access_text(unsigned access) {
  switch (access) {
  case ACCESS_WRITE:
    return "write";
  case ACCESS_EXECUTE:
    return "execution";
  default:
    return "read";
  }
}

static void end_task(const struct arch_frame *frame, const struct fault *fault) {
  struct task *task = task_current();
  struct bs_task_end end = {
      .kind = BS_TASK_FAULTED,
      .code = (int32_t)fault->kind,
      .address = fault->kind == FAULT_PAGE ? fault->address : arch_frame_pc(frame),
  };
  log_text("fault task=%u \"%s\" %s address=0x%llx\n  at 0x%016llx\n", task->number, fault->name,
           fault->kind == FAULT_PAGE ? access_text(fault->access) : "instruction",
           (unsigned long long)end.address, (unsigned long long)arch_frame_pc(frame));
  task_end(task, &end);
}

void kernel_fault(struct arch_frame *frame, const struct fault *fault) {
  if (arch_frame_is_user(frame) && fault->kind != FAULT_MACHINE) {
    kernel_enter();
    end_task(frame, fault);
    kernel_leave(frame);
  } else if (fault->kind == FAULT_PAGE) {
    kernel_panic(frame, "%s: %s of %p (detail 0x%llx)", fault->name, access_text(fault->access),
                 (void *)(uintptr_t)fault->address, (unsigned long long)fault->detail);
  } else {
    kernel_panic(frame, "%s (detail 0x%llx)", fault->name, (unsigned long long)fault->detail);
  }
}
