// Calls about the interface itself.
#include "calls.h"
#include "random.h"
#include "user-memory.h"

static uint64_t features(void) {
  return BS_FEATURE_TRACING | (random_is_seeded() ? BS_FEATURE_RNG : 0u);
}

bs_status call_abi_version(struct task *task, const uint64_t *arguments) {
  static const uint32_t version[3] = {BS_ABI_MAJOR, BS_ABI_MINOR, BS_ABI_PATCH};
  for (unsigned i = 0; i < 3; i++) {
    bs_status status = user_write(task->process, arguments[i], &version[i], sizeof(version[i]));
    if (status != BS_OK) return status;
  }
  return BS_OK;
}

bs_status call_abi_features(struct task *task, const uint64_t *arguments) {
  uint64_t set = features();
  return user_write(task->process, arguments[0], &set, sizeof(set));
}

bs_status call_abi_feature_enabled(struct task *task, const uint64_t *arguments) {
  uint64_t feature = arguments[0];
  if (feature == 0 || (feature & (feature - 1)) != 0) return BS_INVALID;
  uint32_t enabled = (features() & feature) != 0;
  return user_write(task->process, arguments[1], &enabled, sizeof(enabled));
}

bs_status call_err_get_last(struct task *task, const uint64_t *arguments) {
  return user_write(task->process, arguments[0], &task->last_error, sizeof(task->last_error));
}
