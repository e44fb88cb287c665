// The last error of a task: what err_get_last tells.
#pragma once

#include "task.h"

/** Notes why a call fails, and gives the status back. */
bs_status task_fails(struct task *task, bs_status status, unsigned detail, uint64_t arg0,
                     uint64_t arg1);
