// Checks what a program passes before a call runs.
#pragma once

#include "call-rules.h"
#include "task.h"

/** Checks the capability and each argument; notes what is wrong as the task's last error. */
bs_status check_call(struct task *task, const struct call_rule *rule, const uint64_t *arguments);
