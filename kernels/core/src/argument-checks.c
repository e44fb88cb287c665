// Checks arguments by the rules of their call. Memory is checked again when it is copied: another
// task may have changed the mapping while the call waited.
#include "argument-checks.h"

#include "capabilities.h"
#include "errors.h"
#include "handles.h"
#include "user-memory.h"
#include "user-text.h"

/** One argument while it is checked. */
struct checked {
  struct task *task;
  const struct argument_rule *rule;
  /** Its place, from 0 on. */
  unsigned place;
  uint64_t value;
};

static bs_status refuse(const struct checked *at, bs_status status, unsigned detail,
                        uint64_t value) {
  return task_fails(at->task, status, detail, at->place, value);
}

static bs_status check_value(const struct checked *at, bool good) {
  return good ? BS_OK : refuse(at, BS_INVALID, BS_DETAIL_VALUE, at->value);
}

static bs_status check_handle(const struct checked *at) {
  if (at->value == 0 && at->rule->optional) return BS_OK;
  bool stale;
  const struct process *process = at->task->process;
  if (handle_tag(at->value) == BS_HANDLE_CAP) {
    stale = (at->rule->max >> BS_HANDLE_CAP & 1) != 0;
    if (stale && capability_kind(process, at->value) != 0) return BS_OK;
  } else if (handle_object(process, at->value, at->rule->max, &stale) != NULL) {
    return BS_OK;
  }
  return stale ? refuse(at, BS_NOENT, BS_DETAIL_HANDLE_STALE, at->value)
               : refuse(at, BS_INVALID, BS_DETAIL_HANDLE_KIND, at->value);
}

static bs_status check_path(const struct checked *at) {
  char path[256];
  bs_status status = user_path(at->task->process, at->value, path);
  if (status == BS_INVALID) return refuse(at, BS_INVALID, BS_DETAIL_ADDRESS, at->value);
  return status == BS_OK ? BS_OK : refuse(at, BS_INVALID, BS_DETAIL_TEXT, at->value);
}

static bs_status check_memory(const struct checked *at, const uint64_t *arguments) {
  const struct argument_rule *rule = at->rule;
  if (at->value == 0 && rule->optional) return BS_OK;
  uint64_t count = rule->partner != 0 ? arguments[rule->partner - 1] : 1;
  if (count > rule->max) return refuse(at, BS_INVALID, BS_DETAIL_LENGTH, count);
  unsigned access = rule->kind == RULE_WRITE ? ACCESS_WRITE : ACCESS_READ;
  // The rules keep max * bytes far below 2^64.
  if (count > 0 && (at->value % rule->alignment != 0 ||
                    !user_may(at->task->process, at->value, count * rule->bytes, access)))
    return refuse(at, BS_INVALID, BS_DETAIL_ADDRESS, at->value);
  if (rule->kind == RULE_TEXT && !user_is_text(at->task->process, at->value, count))
    return refuse(at, BS_INVALID, BS_DETAIL_TEXT, at->value);
  return BS_OK;
}

static bs_status check_argument(const struct checked *at, const uint64_t *arguments) {
  const struct argument_rule *rule = at->rule;
  switch (rule->kind) {
  case RULE_ANY:
    return BS_OK;
  case RULE_NUMBER:
    return check_value(at, at->value >= rule->min && at->value <= rule->max);
  case RULE_SIGNED:
    return check_value(at, at->value <= UINT32_MAX ||
                               at->value == (uint64_t)(int64_t)(int32_t)at->value);
  case RULE_FLAGS:
    return check_value(at, (at->value & ~rule->max) == 0);
  case RULE_CHOICE:
    return check_value(at, at->value < 64 && (rule->max >> at->value & 1) != 0);
  case RULE_HANDLE:
    return check_handle(at);
  case RULE_PATH:
    return check_path(at);
  case RULE_READ:
  case RULE_TEXT:
  case RULE_WRITE:
    return check_memory(at, arguments);
  }
  return BS_INVALID;
}

bs_status check_call(struct task *task, const struct call_rule *rule, const uint64_t *arguments) {
  if (rule->capability != 0 && (task->capabilities >> (rule->capability - 1) & 1) == 0)
    return task_fails(task, BS_PERMISSION, BS_DETAIL_CAPABILITY, rule->capability, 0);
  for (unsigned i = 0; i < rule->count; i++) {
    struct checked at = {task, &rule->arguments[i], i, arguments[i]};
    bs_status status = check_argument(&at, arguments);
    if (status != BS_OK) return status;
  }
  return BS_OK;
}
