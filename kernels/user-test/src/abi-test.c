// The interface about itself.
#include "check.h"
#include "subjects.h"

static void test_version(void) {
  test_begin("abi_version: the version of the header");
  uint32_t major = 9, minor = 9, patch = 9;
  check_status(bs_abi_version(&major, &minor, &patch), BS_OK);
  check(major == BS_ABI_MAJOR && minor == BS_ABI_MINOR && patch == BS_ABI_PATCH);
  check_status(bs_abi_version(&major, NULL, &patch), BS_INVALID);
  check_detail(BS_DETAIL_ADDRESS, 1);
}

static void test_features(void) {
  test_begin("abi_features, abi_feature_enabled: each bit, and what is no single bit");
  uint64_t features = 0;
  uint32_t enabled = 9;
  check_status(bs_abi_features(&features), BS_OK);
  check((features & BS_FEATURE_TRACING) != 0 && (features & BS_FEATURE_BALLOON) == 0);
  for (uint32_t bit = BS_FEATURE_VSOCK; bit <= BS_FEATURE_TRACING; bit <<= 1) {
    check_status(bs_abi_feature_enabled(bit, &enabled), BS_OK);
    check(enabled == ((features & bit) != 0));
  }
  check_status(bs_abi_feature_enabled(0, &enabled), BS_INVALID);
  check_status(bs_abi_feature_enabled(3, &enabled), BS_INVALID);
  check_status(bs_abi_feature_enabled(32, &enabled), BS_INVALID);
  check_detail(BS_DETAIL_VALUE, 0);
}

static void test_last_error(void) {
  test_begin("err_get_last: the call, the answer and why");
  struct bs_error_info error = {0};
  check_status(bs_abi_features(NULL), BS_INVALID);
  check_status(bs_err_get_last(&error), BS_OK);
  check(error.call == BS_CALL_ABI_FEATURES && error.status == BS_INVALID);
  check(error.detail == BS_DETAIL_ADDRESS && error.arg0 == 0 && error.arg1 == 0);
  uint64_t features;
  check_status(bs_abi_features(&features), BS_OK);
  check_status(bs_err_get_last(&error), BS_OK);
  check(error.call == BS_CALL_ABI_FEATURES && error.status == BS_OK);
  check(error.detail == BS_DETAIL_NONE);
}

static void test_unknown(void) {
  test_begin("calls that there are not answer UNSUPPORTED");
  static const uint64_t numbers[] = {
      BS_CALL_COUNT,     1000, UINT32_MAX, UINT64_MAX, UINT64_C(1) << 32, BS_CALL_NET_LISTEN,
      BS_CALL_NET_ACCEPT};
  for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
    check(bs_system_call(numbers[i], 0, 0, 0, 0, 0, 0) == BS_UNSUPPORTED);
    check_detail(BS_DETAIL_CALL, numbers[i]);
  }
}

void test_abi(void) {
  test_version();
  test_features();
  test_last_error();
  test_unknown();
}
