// Generated from schemas/kernel-abi.json by tools/kernel-abi; edit that.

/** The version of the ABI. */
export const ABI_VERSION = { major: 0, minor: 3, patch: 0 } as const;

/** What calls answer. */
export const STATUS = {
  OK: 0,
  INVALID: 1,
  NOENT: 2,
  NOMEM: 3,
  BUSY: 4,
  TIMEOUT: 5,
  IO: 6,
  UNSUPPORTED: 7,
  PERMISSION: 8,
  WOULD_BLOCK: 9,
  CLOSED: 10,
  CORRUPT: 11,
  RANGE: 12,
} as const;

/** Features, as bits of abi_features. */
export const FEATURE = { vsock: 1, rng: 2, balloon: 4, snapshot: 8, tracing: 16 } as const;

/** Kinds of capabilities. The bit of a kind in sets is 1 << (kind - 1). */
export const CAPABILITY = {
  log: 1,
  time: 2,
  task: 3,
  mem: 4,
  io: 5,
  ipc: 6,
  net: 7,
  trace: 8,
  rng: 9,
  atom: 10,
} as const;

/** What a handle is of, in its top 8 bits. Below are the index (bits 32 to 47) and the generation (bits 0 to 31). */
export const HANDLE = {
  task: 1,
  io: 2,
  ipc: 3,
  net: 4,
  cap: 5,
  span: 6,
  timer: 7,
  memory: 8,
  value: 9,
  atom: 10,
} as const;

/** How a task is started. */
export const TASK_FLAGS = { task_detached: 1 } as const;

/** What may be done with memory. Written and executed together is refused. */
export const MEM_FLAGS = { mem_read: 1, mem_write: 2, mem_exec: 4 } as const;

/** What a file is opened for. */
export const IO_FLAGS = { io_for_read: 1, io_for_write: 2 } as const;

/** What io_poll tells of a handle. */
export const IO_EVENTS = { io_readable: 1, io_writable: 2, io_hangup: 4, io_error: 8 } as const;

/** How a message goes. */
export const IPC_FLAGS = { ipc_nonblocking: 1, ipc_transfer: 2 } as const;

/** How data goes. */
export const NET_FLAGS = { net_nonblocking: 1 } as const;

/** How much a line matters. */
export const LOG_LEVEL = { log_debug: 0, log_info: 1, log_warn: 2, log_error: 3 } as const;

/** What an offset is counted from. */
export const SEEK_ORIGIN = { seek_start: 0, seek_here: 1, seek_end: 2 } as const;

/** How a task ended. */
export const TASK_END_KIND = { task_exited: 1, task_killed: 2, task_faulted: 3 } as const;

/** The fault of a task, as the code of its end. */
export const FAULT_KIND = {
  fault_page: 1,
  fault_instruction: 2,
  fault_arithmetic: 3,
  fault_alignment: 4,
  fault_breakpoint: 5,
  fault_machine: 6,
  fault_other: 7,
} as const;

/** Why a call failed, in error_info. */
export const DETAIL = {
  detail_none: 0,
  detail_value: 1,
  detail_address: 2,
  detail_length: 3,
  detail_text: 4,
  detail_handle_kind: 5,
  detail_handle_stale: 6,
  detail_capability: 7,
  detail_table_full: 8,
  detail_memory: 9,
  detail_call: 10,
} as const;

/** Limits of a process. */
export const LIMITS = {
  task_handles: 32,
  io_handles: 32,
  ipc_handles: 16,
  net_handles: 16,
  span_handles: 32,
  timer_handles: 32,
  memory_handles: 16,
  value_handles: 64,
  atom_handles: 32,
  active_caps: 8,
  ipc_messages: 16,
  priorities: 8,
} as const;

/** Numbers of the calls. */
export const CALLS = {
  abi_version: 0,
  abi_features: 1,
  abi_feature_enabled: 2,
  cap_acquire: 3,
  cap_drop: 4,
  cap_enter: 5,
  cap_exit: 6,
  task_spawn: 7,
  task_yield: 8,
  task_sleep: 9,
  task_set_priority: 10,
  task_get_stats: 11,
  task_exit: 12,
  time_now: 13,
  time_deadline: 14,
  mem_alloc: 15,
  mem_free: 16,
  mem_map: 17,
  mem_share: 18,
  mem_unshare: 19,
  io_open: 20,
  io_read: 21,
  io_write: 22,
  io_close: 23,
  io_poll: 24,
  ipc_channel_create: 25,
  ipc_send: 26,
  ipc_recv: 27,
  ipc_close: 28,
  net_socket: 29,
  net_bind: 30,
  net_connect: 31,
  net_send: 32,
  net_recv: 33,
  net_close: 34,
  log_write: 35,
  trace_span_begin: 36,
  trace_span_end: 37,
  trace_event: 38,
  err_get_last: 39,
  rng_read: 40,
  task_wait: 41,
  task_kill: 42,
  net_listen: 43,
  net_accept: 44,
  net_send_to: 45,
  net_recv_from: 46,
  file_stat: 47,
  file_list: 48,
  file_seek: 49,
  mem_attach: 50,
  value_create: 51,
  value_read: 52,
  value_drop: 53,
  atom_create: 54,
  atom_load: 55,
  atom_swap: 56,
  atom_compare_and_set: 57,
  atom_watch: 58,
  atom_drop: 59,
  task_processors: 60,
} as const;
