// Generated from schemas/kernel-abi.json by tools/kernel-abi; edit that.
// What each call takes, for the checks before it runs.
// clang-format off

#include "../call-rules.h"

const struct call_rule call_rules[BS_CALL_COUNT] = {
  [BS_CALL_ABI_VERSION] = {.name = "abi_version", .capability = 0, .count = 3, .arguments = {
      {.kind = RULE_WRITE, .bytes = 4, .alignment = 4, .max = 1},
      {.kind = RULE_WRITE, .bytes = 4, .alignment = 4, .max = 1},
      {.kind = RULE_WRITE, .bytes = 4, .alignment = 4, .max = 1},
  }},
  [BS_CALL_ABI_FEATURES] = {.name = "abi_features", .capability = 0, .count = 1, .arguments = {
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_ABI_FEATURE_ENABLED] = {.name = "abi_feature_enabled", .capability = 0, .count = 2, .arguments = {
      {.kind = RULE_FLAGS, .max = UINT64_C(31)},
      {.kind = RULE_WRITE, .bytes = 4, .alignment = 4, .max = 1},
  }},
  [BS_CALL_CAP_ACQUIRE] = {.name = "cap_acquire", .capability = 0, .count = 2, .arguments = {
      {.kind = RULE_CHOICE, .max = UINT64_C(2046)},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_CAP_DROP] = {.name = "cap_drop", .capability = 0, .count = 1, .arguments = {
      {.kind = RULE_HANDLE, .max = 32},
  }},
  [BS_CALL_CAP_ENTER] = {.name = "cap_enter", .capability = 0, .count = 2, .arguments = {
      {.kind = RULE_READ, .bytes = 8, .alignment = 8, .max = 8, .partner = 2},
      {.kind = RULE_NUMBER, .max = 8},
  }},
  [BS_CALL_CAP_EXIT] = {.name = "cap_exit", .capability = 0},
  [BS_CALL_TASK_SPAWN] = {.name = "task_spawn", .capability = 3, .count = 6, .arguments = {
      {.kind = RULE_ANY},
      {.kind = RULE_ANY},
      {.kind = RULE_READ, .bytes = 8, .alignment = 8, .max = 8, .partner = 4},
      {.kind = RULE_NUMBER, .max = 8},
      {.kind = RULE_FLAGS, .max = UINT64_C(1)},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .optional = true, .max = 1},
  }},
  [BS_CALL_TASK_YIELD] = {.name = "task_yield", .capability = 3},
  [BS_CALL_TASK_SLEEP] = {.name = "task_sleep", .capability = 3, .count = 1, .arguments = {
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
  }},
  [BS_CALL_TASK_SET_PRIORITY] = {.name = "task_set_priority", .capability = 3, .count = 2, .arguments = {
      {.kind = RULE_HANDLE, .optional = true, .max = 2},
      {.kind = RULE_NUMBER, .max = 7},
  }},
  [BS_CALL_TASK_GET_STATS] = {.name = "task_get_stats", .capability = 3, .count = 2, .arguments = {
      {.kind = RULE_HANDLE, .optional = true, .max = 2},
      {.kind = RULE_WRITE, .bytes = 32, .alignment = 8, .max = 1},
  }},
  [BS_CALL_TASK_EXIT] = {.name = "task_exit", .capability = 0, .count = 1, .arguments = {
      {.kind = RULE_SIGNED},
  }},
  [BS_CALL_TIME_NOW] = {.name = "time_now", .capability = 2, .count = 1, .arguments = {
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_TIME_DEADLINE] = {.name = "time_deadline", .capability = 2, .count = 2, .arguments = {
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_MEM_ALLOC] = {.name = "mem_alloc", .capability = 4, .count = 3, .arguments = {
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_FLAGS, .max = UINT64_C(7)},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_MEM_FREE] = {.name = "mem_free", .capability = 4, .count = 1, .arguments = {
      {.kind = RULE_ANY},
  }},
  [BS_CALL_MEM_MAP] = {.name = "mem_map", .capability = 4, .count = 3, .arguments = {
      {.kind = RULE_ANY},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_FLAGS, .max = UINT64_C(7)},
  }},
  [BS_CALL_MEM_SHARE] = {.name = "mem_share", .capability = 4, .count = 3, .arguments = {
      {.kind = RULE_ANY},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_MEM_UNSHARE] = {.name = "mem_unshare", .capability = 4, .count = 1, .arguments = {
      {.kind = RULE_HANDLE, .max = 256},
  }},
  [BS_CALL_IO_OPEN] = {.name = "io_open", .capability = 5, .count = 3, .arguments = {
      {.kind = RULE_PATH, .max = 255},
      {.kind = RULE_FLAGS, .max = UINT64_C(3)},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_IO_READ] = {.name = "io_read", .capability = 5, .count = 4, .arguments = {
      {.kind = RULE_HANDLE, .max = 4},
      {.kind = RULE_WRITE, .bytes = 1, .alignment = 1, .max = 1048576, .partner = 3},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_IO_WRITE] = {.name = "io_write", .capability = 5, .count = 4, .arguments = {
      {.kind = RULE_HANDLE, .max = 4},
      {.kind = RULE_READ, .bytes = 1, .alignment = 1, .max = 1048576, .partner = 3},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_IO_CLOSE] = {.name = "io_close", .capability = 5, .count = 1, .arguments = {
      {.kind = RULE_HANDLE, .max = 132},
  }},
  [BS_CALL_IO_POLL] = {.name = "io_poll", .capability = 5, .count = 5, .arguments = {
      {.kind = RULE_READ, .bytes = 8, .alignment = 8, .max = 32, .partner = 2},
      {.kind = RULE_NUMBER, .max = 32},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_WRITE, .bytes = 16, .alignment = 8, .max = UINT32_MAX, .partner = 2},
      {.kind = RULE_WRITE, .bytes = 4, .alignment = 4, .max = 1},
  }},
  [BS_CALL_IPC_CHANNEL_CREATE] = {.name = "ipc_channel_create", .capability = 6, .count = 2, .arguments = {
      {.kind = RULE_FLAGS, .max = UINT64_C(3)},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_IPC_SEND] = {.name = "ipc_send", .capability = 6, .count = 4, .arguments = {
      {.kind = RULE_HANDLE, .max = 8},
      {.kind = RULE_READ, .bytes = 1, .alignment = 1, .max = 4032, .partner = 3},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_FLAGS, .max = UINT64_C(3)},
  }},
  [BS_CALL_IPC_RECV] = {.name = "ipc_recv", .capability = 6, .count = 5, .arguments = {
      {.kind = RULE_HANDLE, .max = 8},
      {.kind = RULE_WRITE, .bytes = 1, .alignment = 1, .max = 1048576, .partner = 3},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
      {.kind = RULE_FLAGS, .max = UINT64_C(3)},
  }},
  [BS_CALL_IPC_CLOSE] = {.name = "ipc_close", .capability = 6, .count = 1, .arguments = {
      {.kind = RULE_HANDLE, .max = 8},
  }},
  [BS_CALL_NET_SOCKET] = {.name = "net_socket", .capability = 7, .count = 4, .arguments = {
      {.kind = RULE_NUMBER, .max = UINT32_MAX},
      {.kind = RULE_NUMBER, .max = UINT32_MAX},
      {.kind = RULE_NUMBER, .max = UINT32_MAX},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_NET_BIND] = {.name = "net_bind", .capability = 7, .count = 3, .arguments = {
      {.kind = RULE_HANDLE, .max = 16},
      {.kind = RULE_READ, .bytes = 8, .alignment = 1, .max = 1},
      {.kind = RULE_NUMBER, .min = 8, .max = 8},
  }},
  [BS_CALL_NET_CONNECT] = {.name = "net_connect", .capability = 7, .count = 3, .arguments = {
      {.kind = RULE_HANDLE, .max = 16},
      {.kind = RULE_READ, .bytes = 8, .alignment = 1, .max = 1},
      {.kind = RULE_NUMBER, .min = 8, .max = 8},
  }},
  [BS_CALL_NET_SEND] = {.name = "net_send", .capability = 7, .count = 5, .arguments = {
      {.kind = RULE_HANDLE, .max = 16},
      {.kind = RULE_READ, .bytes = 1, .alignment = 1, .max = 65536, .partner = 3},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_FLAGS, .max = UINT64_C(1)},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_NET_RECV] = {.name = "net_recv", .capability = 7, .count = 5, .arguments = {
      {.kind = RULE_HANDLE, .max = 16},
      {.kind = RULE_WRITE, .bytes = 1, .alignment = 1, .max = 65536, .partner = 3},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_FLAGS, .max = UINT64_C(1)},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_NET_CLOSE] = {.name = "net_close", .capability = 7, .count = 1, .arguments = {
      {.kind = RULE_HANDLE, .max = 16},
  }},
  [BS_CALL_LOG_WRITE] = {.name = "log_write", .capability = 1, .count = 3, .arguments = {
      {.kind = RULE_CHOICE, .max = UINT64_C(15)},
      {.kind = RULE_TEXT, .bytes = 1, .alignment = 1, .max = 1024, .partner = 3},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
  }},
  [BS_CALL_TRACE_SPAN_BEGIN] = {.name = "trace_span_begin", .capability = 8, .count = 3, .arguments = {
      {.kind = RULE_TEXT, .bytes = 1, .alignment = 1, .max = 64, .partner = 2},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_TRACE_SPAN_END] = {.name = "trace_span_end", .capability = 8, .count = 1, .arguments = {
      {.kind = RULE_HANDLE, .max = 64},
  }},
  [BS_CALL_TRACE_EVENT] = {.name = "trace_event", .capability = 8, .count = 5, .arguments = {
      {.kind = RULE_HANDLE, .max = 64},
      {.kind = RULE_TEXT, .bytes = 1, .alignment = 1, .max = 64, .partner = 3},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_TEXT, .bytes = 1, .alignment = 1, .max = 256, .partner = 5},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
  }},
  [BS_CALL_ERR_GET_LAST] = {.name = "err_get_last", .capability = 0, .count = 1, .arguments = {
      {.kind = RULE_WRITE, .bytes = 32, .alignment = 8, .max = 1},
  }},
  [BS_CALL_RNG_READ] = {.name = "rng_read", .capability = 9, .count = 2, .arguments = {
      {.kind = RULE_WRITE, .bytes = 1, .alignment = 1, .max = 65536, .partner = 2},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
  }},
  [BS_CALL_TASK_WAIT] = {.name = "task_wait", .capability = 3, .count = 3, .arguments = {
      {.kind = RULE_HANDLE, .max = 2},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_WRITE, .bytes = 16, .alignment = 8, .max = 1},
  }},
  [BS_CALL_TASK_KILL] = {.name = "task_kill", .capability = 3, .count = 2, .arguments = {
      {.kind = RULE_HANDLE, .max = 2},
      {.kind = RULE_SIGNED},
  }},
  [BS_CALL_NET_LISTEN] = {.name = "net_listen", .capability = 7, .count = 2, .arguments = {
      {.kind = RULE_HANDLE, .max = 16},
      {.kind = RULE_NUMBER, .max = 16},
  }},
  [BS_CALL_NET_ACCEPT] = {.name = "net_accept", .capability = 7, .count = 4, .arguments = {
      {.kind = RULE_HANDLE, .max = 16},
      {.kind = RULE_FLAGS, .max = UINT64_C(1)},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 1, .optional = true, .max = 1},
  }},
  [BS_CALL_NET_SEND_TO] = {.name = "net_send_to", .capability = 7, .count = 6, .arguments = {
      {.kind = RULE_HANDLE, .max = 16},
      {.kind = RULE_READ, .bytes = 1, .alignment = 1, .max = 65536, .partner = 3},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_READ, .bytes = 8, .alignment = 1, .max = 1},
      {.kind = RULE_FLAGS, .max = UINT64_C(1)},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_NET_RECV_FROM] = {.name = "net_recv_from", .capability = 7, .count = 6, .arguments = {
      {.kind = RULE_HANDLE, .max = 16},
      {.kind = RULE_WRITE, .bytes = 1, .alignment = 1, .max = 65536, .partner = 3},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 1, .max = 1},
      {.kind = RULE_FLAGS, .max = UINT64_C(1)},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_FILE_STAT] = {.name = "file_stat", .capability = 5, .count = 2, .arguments = {
      {.kind = RULE_PATH, .max = 255},
      {.kind = RULE_WRITE, .bytes = 16, .alignment = 8, .max = 1},
  }},
  [BS_CALL_FILE_LIST] = {.name = "file_list", .capability = 5, .count = 5, .arguments = {
      {.kind = RULE_PATH, .max = 255},
      {.kind = RULE_NUMBER, .max = UINT32_MAX},
      {.kind = RULE_WRITE, .bytes = 1, .alignment = 1, .max = 65536, .partner = 4},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_FILE_SEEK] = {.name = "file_seek", .capability = 5, .count = 4, .arguments = {
      {.kind = RULE_HANDLE, .max = 4},
      {.kind = RULE_ANY, .max = UINT64_MAX},
      {.kind = RULE_CHOICE, .max = UINT64_C(7)},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_MEM_ATTACH] = {.name = "mem_attach", .capability = 4, .count = 3, .arguments = {
      {.kind = RULE_HANDLE, .max = 256},
      {.kind = RULE_FLAGS, .max = UINT64_C(7)},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_VALUE_CREATE] = {.name = "value_create", .capability = 10, .count = 3, .arguments = {
      {.kind = RULE_READ, .bytes = 1, .alignment = 1, .max = 65536, .partner = 2},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_VALUE_READ] = {.name = "value_read", .capability = 10, .count = 4, .arguments = {
      {.kind = RULE_HANDLE, .max = 512},
      {.kind = RULE_WRITE, .bytes = 1, .alignment = 1, .max = 1048576, .partner = 3},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_VALUE_DROP] = {.name = "value_drop", .capability = 10, .count = 1, .arguments = {
      {.kind = RULE_HANDLE, .max = 512},
  }},
  [BS_CALL_ATOM_CREATE] = {.name = "atom_create", .capability = 10, .count = 2, .arguments = {
      {.kind = RULE_HANDLE, .max = 512},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_ATOM_LOAD] = {.name = "atom_load", .capability = 10, .count = 2, .arguments = {
      {.kind = RULE_HANDLE, .max = 1024},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_ATOM_SWAP] = {.name = "atom_swap", .capability = 10, .count = 3, .arguments = {
      {.kind = RULE_HANDLE, .max = 1024},
      {.kind = RULE_HANDLE, .max = 512},
      {.kind = RULE_WRITE, .bytes = 8, .alignment = 8, .max = 1},
  }},
  [BS_CALL_ATOM_COMPARE_AND_SET] = {.name = "atom_compare_and_set", .capability = 10, .count = 3, .arguments = {
      {.kind = RULE_HANDLE, .max = 1024},
      {.kind = RULE_HANDLE, .max = 512},
      {.kind = RULE_HANDLE, .max = 512},
  }},
  [BS_CALL_ATOM_WATCH] = {.name = "atom_watch", .capability = 10, .count = 3, .arguments = {
      {.kind = RULE_HANDLE, .max = 1024},
      {.kind = RULE_HANDLE, .max = 512},
      {.kind = RULE_NUMBER, .max = UINT64_MAX},
  }},
  [BS_CALL_ATOM_DROP] = {.name = "atom_drop", .capability = 10, .count = 1, .arguments = {
      {.kind = RULE_HANDLE, .max = 1024},
  }},
  [BS_CALL_TASK_PROCESSORS] = {.name = "task_processors", .capability = 3, .count = 1, .arguments = {
      {.kind = RULE_WRITE, .bytes = 4, .alignment = 4, .max = 1},
  }},
};
