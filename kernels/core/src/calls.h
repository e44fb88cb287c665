// The calls that this kernel does, a function each. Capability and arguments were checked by the
// rules of the ABI; what a function answers besides BS_OK changed nothing.
#pragma once

#include "task.h"

/** Does a call for the task that made it. */
typedef bs_status call_function(struct task *task, const uint64_t *arguments);

call_function call_abi_version, call_abi_features, call_abi_feature_enabled, call_err_get_last;
call_function call_cap_acquire, call_cap_drop, call_cap_enter, call_cap_exit;
call_function call_task_spawn, call_task_yield, call_task_sleep, call_task_set_priority;
call_function call_task_get_stats, call_task_exit, call_task_wait, call_task_kill,
    call_task_processors;
call_function call_time_now, call_time_deadline, call_rng_read;
call_function call_mem_alloc, call_mem_free, call_mem_map;
call_function call_mem_share, call_mem_unshare, call_mem_attach;
call_function call_io_open, call_io_read, call_io_write, call_io_close, call_io_poll;
call_function call_file_stat, call_file_list, call_file_seek;
call_function call_ipc_channel_create, call_ipc_send, call_ipc_recv, call_ipc_close;
call_function call_net_socket, call_net_bind, call_net_connect, call_net_close;
call_function call_net_send, call_net_recv, call_net_send_to, call_net_recv_from;
call_function call_log_write, call_trace_span_begin, call_trace_span_end, call_trace_event;
