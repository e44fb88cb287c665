// Generated from schemas/kernel-abi.json by tools/kernel-abi; edit that.
// Constants, structures and call numbers of the kernel, for both of its sides.
// clang-format off

#pragma once

#include "basalt/status.h"

#include <stdint.h>

/** Names an object of the kernel for the process that holds it. */
typedef uint64_t bs_handle;

/** The version that this header is of. */
enum { BS_ABI_MAJOR = 0, BS_ABI_MINOR = 3, BS_ABI_PATCH = 0 };

_Static_assert(BS_OK == 0, "status.h and the ABI agree");
_Static_assert(BS_INVALID == 1, "status.h and the ABI agree");
_Static_assert(BS_NOENT == 2, "status.h and the ABI agree");
_Static_assert(BS_NOMEM == 3, "status.h and the ABI agree");
_Static_assert(BS_BUSY == 4, "status.h and the ABI agree");
_Static_assert(BS_TIMEOUT == 5, "status.h and the ABI agree");
_Static_assert(BS_IO == 6, "status.h and the ABI agree");
_Static_assert(BS_UNSUPPORTED == 7, "status.h and the ABI agree");
_Static_assert(BS_PERMISSION == 8, "status.h and the ABI agree");
_Static_assert(BS_WOULD_BLOCK == 9, "status.h and the ABI agree");
_Static_assert(BS_CLOSED == 10, "status.h and the ABI agree");
_Static_assert(BS_CORRUPT == 11, "status.h and the ABI agree");
_Static_assert(BS_RANGE == 12, "status.h and the ABI agree");

/** Features, as bits of abi_features. */
enum {
  /** Sockets to the host. */
  BS_FEATURE_VSOCK = 1,
  /** rng_read has a source of entropy. */
  BS_FEATURE_RNG = 2,
  /** Memory can be given back to the host. */
  BS_FEATURE_BALLOON = 4,
  /** The machine can be saved and restored. */
  BS_FEATURE_SNAPSHOT = 8,
  /** Spans go to the log. */
  BS_FEATURE_TRACING = 16,
};

/** Kinds of capabilities. The bit of a kind in sets is 1 << (kind - 1). */
enum {
  /** Lines of the log. */
  BS_CAP_LOG = 1,
  /** The clock and deadlines. */
  BS_CAP_TIME = 2,
  /** Tasks. */
  BS_CAP_TASK = 3,
  /** Memory. */
  BS_CAP_MEM = 4,
  /** Devices, files and io_poll. */
  BS_CAP_IO = 5,
  /** Channels. */
  BS_CAP_IPC = 6,
  /** Sockets. */
  BS_CAP_NET = 7,
  /** Spans. */
  BS_CAP_TRACE = 8,
  /** Entropy. */
  BS_CAP_RNG = 9,
  /** Shared values and atoms. */
  BS_CAP_ATOM = 10,
};

/** What a handle is of, in its top 8 bits. Below are the index (bits 32 to 47) and the generation (bits 0 to 31). */
enum {
  /** A task. */
  BS_HANDLE_TASK = 1,
  /** An open device or file. */
  BS_HANDLE_IO = 2,
  /** A channel. */
  BS_HANDLE_IPC = 3,
  /** A socket. */
  BS_HANDLE_NET = 4,
  /** A capability. */
  BS_HANDLE_CAP = 5,
  /** A span of a trace. */
  BS_HANDLE_SPAN = 6,
  /** A deadline. */
  BS_HANDLE_TIMER = 7,
  /** Shared memory. */
  BS_HANDLE_MEMORY = 8,
  /** A shared value. */
  BS_HANDLE_VALUE = 9,
  /** An atom. */
  BS_HANDLE_ATOM = 10,
};

/** How a task is started. */
enum {
  /** Nobody waits for it: no handle is given. */
  BS_TASK_DETACHED = 1,
};

/** What may be done with memory. Written and executed together is refused. */
enum {
  /** Read. Every page can be read. */
  BS_MEM_READ = 1,
  /** Written. */
  BS_MEM_WRITE = 2,
  /** Executed. */
  BS_MEM_EXEC = 4,
};

/** What a file is opened for. */
enum {
  /** Reading. */
  BS_IO_FOR_READ = 1,
  /** Writing. */
  BS_IO_FOR_WRITE = 2,
};

/** What io_poll tells of a handle. */
enum {
  /** A read would not wait. */
  BS_IO_READABLE = 1,
  /** A write would not wait. */
  BS_IO_WRITABLE = 2,
  /** The other end is gone. */
  BS_IO_HANGUP = 4,
  /** The handle is stale or cannot be waited for. */
  BS_IO_ERROR = 8,
};

/** How a message goes. */
enum {
  /** Do not wait. */
  BS_IPC_NONBLOCKING = 1,
  /** The message begins with a handle that goes along. */
  BS_IPC_TRANSFER = 2,
};

/** How data goes. */
enum {
  /** Do not wait. */
  BS_NET_NONBLOCKING = 1,
};

/** How much a line matters. */
enum {
  /** For finding faults. */
  BS_LOG_DEBUG = 0,
  /** What happens. */
  BS_LOG_INFO = 1,
  /** What may become a fault. */
  BS_LOG_WARN = 2,
  /** A fault. */
  BS_LOG_ERROR = 3,
};

/** What an offset is counted from. */
enum {
  /** The beginning. */
  BS_SEEK_START = 0,
  /** The position. */
  BS_SEEK_HERE = 1,
  /** The end. */
  BS_SEEK_END = 2,
};

/** How a task ended. */
enum {
  /** By task_exit, with its code. */
  BS_TASK_EXITED = 1,
  /** By task_kill, with its code. */
  BS_TASK_KILLED = 2,
  /** By a fault; the code is the kind of fault. */
  BS_TASK_FAULTED = 3,
};

/** The fault of a task, as the code of its end. */
enum {
  /** An address that is not mapped, or not so. */
  BS_FAULT_PAGE = 1,
  /** An instruction that is not allowed. */
  BS_FAULT_INSTRUCTION = 2,
  /** An operation without a result. */
  BS_FAULT_ARITHMETIC = 3,
  /** An address that is not aligned. */
  BS_FAULT_ALIGNMENT = 4,
  /** A breakpoint. */
  BS_FAULT_BREAKPOINT = 5,
  /** The machine itself. */
  BS_FAULT_MACHINE = 6,
  /** Another exception. */
  BS_FAULT_OTHER = 7,
};

/** Why a call failed, in error_info. */
enum {
  /** Nothing more is known. */
  BS_DETAIL_NONE = 0,
  /** argument arg0 is outside of its range: arg1. */
  BS_DETAIL_VALUE = 1,
  /** Argument arg0 points at memory that the task may not use so: arg1. */
  BS_DETAIL_ADDRESS = 2,
  /** Argument arg0 is longer than the call takes: arg1. */
  BS_DETAIL_LENGTH = 3,
  /** Argument arg0 is no UTF-8 text, or has no end. */
  BS_DETAIL_TEXT = 4,
  /** Argument arg0 is a handle of another kind: arg1. */
  BS_DETAIL_HANDLE_KIND = 5,
  /** Argument arg0 is a handle that is no longer valid: arg1. */
  BS_DETAIL_HANDLE_STALE = 6,
  /** The capability of kind arg0 is not active. */
  BS_DETAIL_CAPABILITY = 7,
  /** The process has arg1 handles of kind arg0 already. */
  BS_DETAIL_TABLE_FULL = 8,
  /** No memory is left. */
  BS_DETAIL_MEMORY = 9,
  /** There is no call of number arg0, or this kernel does not do it. */
  BS_DETAIL_CALL = 10,
};

/** One handle that is ready. */
struct bs_io_event {
  bs_handle handle;
  uint32_t events;
  uint32_t reserved;
};
_Static_assert(sizeof(struct bs_io_event) == 16, "no padding");

/** What a task has used. */
struct bs_task_stats {
  uint64_t cpu_time;
  uint64_t preemptions;
  uint64_t context_switches;
  uint64_t system_calls;
};
_Static_assert(sizeof(struct bs_task_stats) == 32, "no padding");

/** How a task ended. */
struct bs_task_end {
  uint32_t kind;
  int32_t code;
  uint64_t address;
};
_Static_assert(sizeof(struct bs_task_end) == 16, "no padding");

/** Why a call failed. */
struct bs_error_info {
  uint32_t status;
  uint32_t detail;
  uint32_t call;
  uint32_t reserved;
  uint64_t arg0;
  uint64_t arg1;
};
_Static_assert(sizeof(struct bs_error_info) == 32, "no padding");

/** An IPv4 address and a port, both in network order. */
struct bs_net_address {
  uint8_t ip4[4];
  uint8_t port[2];
  uint8_t reserved[2];
};
_Static_assert(sizeof(struct bs_net_address) == 8, "no padding");

/** What is at a path. */
struct bs_file_stat {
  uint64_t bytes;
  uint32_t is_directory;
  uint32_t reserved;
};
_Static_assert(sizeof(struct bs_file_stat) == 16, "no padding");

/** Limits. */
enum {
  /** Handles of tasks in a process. */
  BS_MAX_TASK_HANDLES = 32,
  /** Open devices and files in a process. */
  BS_MAX_IO_HANDLES = 32,
  /** Channels in a process. */
  BS_MAX_IPC_HANDLES = 16,
  /** Sockets in a process. */
  BS_MAX_NET_HANDLES = 16,
  /** Open spans in a process. */
  BS_MAX_SPAN_HANDLES = 32,
  /** Deadlines in a process. */
  BS_MAX_TIMER_HANDLES = 32,
  /** Shared memory in a process. */
  BS_MAX_MEMORY_HANDLES = 16,
  /** Shared values in a process. */
  BS_MAX_VALUE_HANDLES = 64,
  /** Atoms in a process. */
  BS_MAX_ATOM_HANDLES = 32,
  /** Capabilities that one call names. */
  BS_MAX_ACTIVE_CAPS = 8,
  /** Messages that a channel holds. */
  BS_MAX_IPC_MESSAGES = 16,
  /** Priorities of tasks; 7 runs first, 3 is the first task's. */
  BS_MAX_PRIORITIES = 8,
};

/** Numbers of the calls. */
enum {
  BS_CALL_ABI_VERSION = 0,
  BS_CALL_ABI_FEATURES = 1,
  BS_CALL_ABI_FEATURE_ENABLED = 2,
  BS_CALL_CAP_ACQUIRE = 3,
  BS_CALL_CAP_DROP = 4,
  BS_CALL_CAP_ENTER = 5,
  BS_CALL_CAP_EXIT = 6,
  BS_CALL_TASK_SPAWN = 7,
  BS_CALL_TASK_YIELD = 8,
  BS_CALL_TASK_SLEEP = 9,
  BS_CALL_TASK_SET_PRIORITY = 10,
  BS_CALL_TASK_GET_STATS = 11,
  BS_CALL_TASK_EXIT = 12,
  BS_CALL_TIME_NOW = 13,
  BS_CALL_TIME_DEADLINE = 14,
  BS_CALL_MEM_ALLOC = 15,
  BS_CALL_MEM_FREE = 16,
  BS_CALL_MEM_MAP = 17,
  BS_CALL_MEM_SHARE = 18,
  BS_CALL_MEM_UNSHARE = 19,
  BS_CALL_IO_OPEN = 20,
  BS_CALL_IO_READ = 21,
  BS_CALL_IO_WRITE = 22,
  BS_CALL_IO_CLOSE = 23,
  BS_CALL_IO_POLL = 24,
  BS_CALL_IPC_CHANNEL_CREATE = 25,
  BS_CALL_IPC_SEND = 26,
  BS_CALL_IPC_RECV = 27,
  BS_CALL_IPC_CLOSE = 28,
  BS_CALL_NET_SOCKET = 29,
  BS_CALL_NET_BIND = 30,
  BS_CALL_NET_CONNECT = 31,
  BS_CALL_NET_SEND = 32,
  BS_CALL_NET_RECV = 33,
  BS_CALL_NET_CLOSE = 34,
  BS_CALL_LOG_WRITE = 35,
  BS_CALL_TRACE_SPAN_BEGIN = 36,
  BS_CALL_TRACE_SPAN_END = 37,
  BS_CALL_TRACE_EVENT = 38,
  BS_CALL_ERR_GET_LAST = 39,
  BS_CALL_RNG_READ = 40,
  BS_CALL_TASK_WAIT = 41,
  BS_CALL_TASK_KILL = 42,
  BS_CALL_NET_LISTEN = 43,
  BS_CALL_NET_ACCEPT = 44,
  BS_CALL_NET_SEND_TO = 45,
  BS_CALL_NET_RECV_FROM = 46,
  BS_CALL_FILE_STAT = 47,
  BS_CALL_FILE_LIST = 48,
  BS_CALL_FILE_SEEK = 49,
  BS_CALL_MEM_ATTACH = 50,
  BS_CALL_VALUE_CREATE = 51,
  BS_CALL_VALUE_READ = 52,
  BS_CALL_VALUE_DROP = 53,
  BS_CALL_ATOM_CREATE = 54,
  BS_CALL_ATOM_LOAD = 55,
  BS_CALL_ATOM_SWAP = 56,
  BS_CALL_ATOM_COMPARE_AND_SET = 57,
  BS_CALL_ATOM_WATCH = 58,
  BS_CALL_ATOM_DROP = 59,
  BS_CALL_TASK_PROCESSORS = 60,
  BS_CALL_COUNT = 61,
};
