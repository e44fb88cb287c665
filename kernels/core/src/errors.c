// Notes errors. The number of the call is set when the call begins.
#include "errors.h"

bs_status task_fails(struct task *task, bs_status status, unsigned detail, uint64_t arg0,
                     uint64_t arg1) {
  task->last_error.status = status;
  task->last_error.detail = detail;
  task->last_error.arg0 = arg0;
  task->last_error.arg1 = arg1;
  return status;
}
