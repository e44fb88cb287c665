// System calls: finds the call by its number, checks what its rule says, and does it.
#include "argument-checks.h"
#include "calls.h"
#include "errors.h"
#include "kernel-lock.h"

/** What is not here answers BS_UNSUPPORTED. */
static call_function *const calls[BS_CALL_COUNT] = {
    [BS_CALL_ABI_VERSION] = call_abi_version,
    [BS_CALL_ABI_FEATURES] = call_abi_features,
    [BS_CALL_ABI_FEATURE_ENABLED] = call_abi_feature_enabled,
    [BS_CALL_CAP_ACQUIRE] = call_cap_acquire,
    [BS_CALL_CAP_DROP] = call_cap_drop,
    [BS_CALL_CAP_ENTER] = call_cap_enter,
    [BS_CALL_CAP_EXIT] = call_cap_exit,
    [BS_CALL_TASK_SPAWN] = call_task_spawn,
    [BS_CALL_TASK_YIELD] = call_task_yield,
    [BS_CALL_TASK_SLEEP] = call_task_sleep,
    [BS_CALL_TASK_SET_PRIORITY] = call_task_set_priority,
    [BS_CALL_TASK_GET_STATS] = call_task_get_stats,
    [BS_CALL_TASK_EXIT] = call_task_exit,
    [BS_CALL_TIME_NOW] = call_time_now,
    [BS_CALL_TIME_DEADLINE] = call_time_deadline,
    [BS_CALL_MEM_ALLOC] = call_mem_alloc,
    [BS_CALL_MEM_FREE] = call_mem_free,
    [BS_CALL_MEM_MAP] = call_mem_map,
    [BS_CALL_MEM_SHARE] = call_mem_share,
    [BS_CALL_MEM_UNSHARE] = call_mem_unshare,
    [BS_CALL_MEM_ATTACH] = call_mem_attach,
    [BS_CALL_IO_OPEN] = call_io_open,
    [BS_CALL_IO_READ] = call_io_read,
    [BS_CALL_IO_WRITE] = call_io_write,
    [BS_CALL_IO_CLOSE] = call_io_close,
    [BS_CALL_IO_POLL] = call_io_poll,
    [BS_CALL_IPC_CHANNEL_CREATE] = call_ipc_channel_create,
    [BS_CALL_IPC_SEND] = call_ipc_send,
    [BS_CALL_IPC_RECV] = call_ipc_recv,
    [BS_CALL_IPC_CLOSE] = call_ipc_close,
    [BS_CALL_NET_SOCKET] = call_net_socket,
    [BS_CALL_NET_BIND] = call_net_bind,
    [BS_CALL_NET_CONNECT] = call_net_connect,
    [BS_CALL_NET_SEND] = call_net_send,
    [BS_CALL_NET_RECV] = call_net_recv,
    [BS_CALL_NET_CLOSE] = call_net_close,
    [BS_CALL_NET_SEND_TO] = call_net_send_to,
    [BS_CALL_NET_RECV_FROM] = call_net_recv_from,
    [BS_CALL_FILE_STAT] = call_file_stat,
    [BS_CALL_FILE_LIST] = call_file_list,
    [BS_CALL_FILE_SEEK] = call_file_seek,
    [BS_CALL_LOG_WRITE] = call_log_write,
    [BS_CALL_TRACE_SPAN_BEGIN] = call_trace_span_begin,
    [BS_CALL_TRACE_SPAN_END] = call_trace_span_end,
    [BS_CALL_TRACE_EVENT] = call_trace_event,
    [BS_CALL_ERR_GET_LAST] = call_err_get_last,
    [BS_CALL_RNG_READ] = call_rng_read,
    [BS_CALL_TASK_WAIT] = call_task_wait,
    [BS_CALL_TASK_KILL] = call_task_kill,
    [BS_CALL_TASK_PROCESSORS] = call_task_processors,
};

static bs_status run_call(struct task *task, uint64_t number, const uint64_t *arguments) {
  if (number == BS_CALL_ERR_GET_LAST) {
    bs_status checked = check_call(task, &call_rules[number], arguments);
    return checked == BS_OK ? call_err_get_last(task, arguments) : checked;
  }
  task->last_error = (struct bs_error_info){.call = (uint32_t)number};
  if (number >= BS_CALL_COUNT || calls[number] == NULL)
    return task_fails(task, BS_UNSUPPORTED, BS_DETAIL_CALL, number, 0);
  bs_status status = check_call(task, &call_rules[number], arguments);
  if (status == BS_OK) status = calls[number](task, arguments);
  task->last_error.status = status;
  return status;
}

void kernel_system_call(struct arch_frame *frame) {
  kernel_enter();
  struct task *task = task_current();
  uint64_t arguments[6];
  for (unsigned i = 0; i < 6; i++)
    arguments[i] = arch_frame_argument(frame, i);
  task->stats.system_calls++;
  arch_frame_answer(frame, run_call(task, arch_frame_call(frame), arguments));
  kernel_leave(frame);
}
