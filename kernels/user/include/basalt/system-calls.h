// Generated from schemas/kernel-abi.json by tools/kernel-abi; edit that.
// The calls of the kernel as functions of C, for programs.
// clang-format off

#pragma once

#include "basalt/kernel-abi.h"

/** Enters the kernel: the call of this number, with its arguments. */
uint64_t bs_system_call(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);

/** The version of this interface. */
static inline bs_status bs_abi_version(uint32_t *major_out, uint32_t *minor_out, uint32_t *patch_out) {
  return (bs_status)bs_system_call(BS_CALL_ABI_VERSION, (uint64_t)(uintptr_t)major_out, (uint64_t)(uintptr_t)minor_out, (uint64_t)(uintptr_t)patch_out, 0, 0, 0);
}

/** The features that this kernel has on this machine, as bits. */
static inline bs_status bs_abi_features(uint64_t *features_out) {
  return (bs_status)bs_system_call(BS_CALL_ABI_FEATURES, (uint64_t)(uintptr_t)features_out, 0, 0, 0, 0, 0);
}

/** Whether one feature is there: 1 or 0. */
static inline bs_status bs_abi_feature_enabled(uint32_t feature, uint32_t *enabled_out) {
  return (bs_status)bs_system_call(BS_CALL_ABI_FEATURE_ENABLED, feature, (uint64_t)(uintptr_t)enabled_out, 0, 0, 0, 0);
}

/** Takes a capability that the policy of the workload grants; it takes effect with cap_enter. */
static inline bs_status bs_cap_acquire(uint32_t kind, bs_handle *cap_out) {
  return (bs_status)bs_system_call(BS_CALL_CAP_ACQUIRE, kind, (uint64_t)(uintptr_t)cap_out, 0, 0, 0, 0);
}

/** Gives a capability up: all handles of its kind in this process are stale from here on, and no task of the process has it active. */
static inline bs_status bs_cap_drop(bs_handle cap) {
  return (bs_status)bs_system_call(BS_CALL_CAP_DROP, cap, 0, 0, 0, 0, 0);
}

/** Makes these capabilities the active set of the task, in place of those before. */
static inline bs_status bs_cap_enter(const bs_handle *caps, uint32_t cap_count) {
  return (bs_status)bs_system_call(BS_CALL_CAP_ENTER, (uint64_t)(uintptr_t)caps, cap_count, 0, 0, 0, 0);
}

/** Empties the active set of the task. */
static inline bs_status bs_cap_exit(void) {
  return (bs_status)bs_system_call(BS_CALL_CAP_EXIT, 0, 0, 0, 0, 0, 0);
}

/** Starts a task in this process at an address, with one argument, a stack of its own and a subset of the caller's active capabilities. */
static inline bs_status bs_task_spawn(uint64_t entry, uint64_t argument, const bs_handle *caps, uint32_t cap_count, uint32_t flags, bs_handle *task_out) {
  return (bs_status)bs_system_call(BS_CALL_TASK_SPAWN, entry, argument, (uint64_t)(uintptr_t)caps, cap_count, flags, (uint64_t)(uintptr_t)task_out);
}

/** Lets other tasks of the same priority run first. */
static inline bs_status bs_task_yield(void) {
  return (bs_status)bs_system_call(BS_CALL_TASK_YIELD, 0, 0, 0, 0, 0, 0);
}

/** Waits for a time. */
static inline bs_status bs_task_sleep(uint64_t duration) {
  return (bs_status)bs_system_call(BS_CALL_TASK_SLEEP, duration, 0, 0, 0, 0, 0);
}

/** Sets the priority of a task; 0 is the caller. */
static inline bs_status bs_task_set_priority(bs_handle task, uint32_t priority) {
  return (bs_status)bs_system_call(BS_CALL_TASK_SET_PRIORITY, task, priority, 0, 0, 0, 0);
}

/** What a task has used so far; 0 is the caller. */
static inline bs_status bs_task_get_stats(bs_handle task, struct bs_task_stats *stats_out) {
  return (bs_status)bs_system_call(BS_CALL_TASK_GET_STATS, task, (uint64_t)(uintptr_t)stats_out, 0, 0, 0, 0);
}

/** Ends the task. The end of the first task ends the workload with its code. */
static inline bs_status bs_task_exit(int32_t code) {
  return (bs_status)bs_system_call(BS_CALL_TASK_EXIT, (uint64_t)(int64_t)code, 0, 0, 0, 0, 0);
}

/** Nanoseconds since the machine began; never goes back. */
static inline bs_status bs_time_now(uint64_t *now_out) {
  return (bs_status)bs_system_call(BS_CALL_TIME_NOW, (uint64_t)(uintptr_t)now_out, 0, 0, 0, 0, 0);
}

/** A handle that io_poll finds readable from a time on. */
static inline bs_status bs_time_deadline(uint64_t deadline, bs_handle *timer_out) {
  return (bs_status)bs_system_call(BS_CALL_TIME_DEADLINE, deadline, (uint64_t)(uintptr_t)timer_out, 0, 0, 0, 0);
}

/** Memory of whole pages, zeroed, with an absent page on both sides. */
static inline bs_status bs_mem_alloc(uint64_t bytes, uint32_t flags, uint64_t *address_out) {
  return (bs_status)bs_system_call(BS_CALL_MEM_ALLOC, bytes, flags, (uint64_t)(uintptr_t)address_out, 0, 0, 0);
}

/** Gives back what mem_alloc or mem_attach gave, by its first address. */
static inline bs_status bs_mem_free(uint64_t address) {
  return (bs_status)bs_system_call(BS_CALL_MEM_FREE, address, 0, 0, 0, 0, 0);
}

/** Changes what may be done with pages of one allocation. */
static inline bs_status bs_mem_map(uint64_t address, uint64_t bytes, uint32_t flags) {
  return (bs_status)bs_system_call(BS_CALL_MEM_MAP, address, bytes, flags, 0, 0, 0);
}

/** A handle to an allocation, for other tasks to attach. The memory lives as long as anyone has it. */
static inline bs_status bs_mem_share(uint64_t address, uint64_t bytes, bs_handle *shared_out) {
  return (bs_status)bs_system_call(BS_CALL_MEM_SHARE, address, bytes, (uint64_t)(uintptr_t)shared_out, 0, 0, 0);
}

/** Closes a handle of mem_share; what is attached stays. */
static inline bs_status bs_mem_unshare(bs_handle shared) {
  return (bs_status)bs_system_call(BS_CALL_MEM_UNSHARE, shared, 0, 0, 0, 0, 0);
}

/** Opens a device or a file by its path: "console" or "serial", or a path of the image. */
static inline bs_status bs_io_open(const char *path, uint32_t flags, bs_handle *io_out) {
  return (bs_status)bs_system_call(BS_CALL_IO_OPEN, (uint64_t)(uintptr_t)path, flags, (uint64_t)(uintptr_t)io_out, 0, 0, 0);
}

/** Reads what is there, at most `length` bytes; 0 bytes are the end. */
static inline bs_status bs_io_read(bs_handle io, void *buffer, uint64_t length, uint64_t *read_out) {
  return (bs_status)bs_system_call(BS_CALL_IO_READ, io, (uint64_t)(uintptr_t)buffer, length, (uint64_t)(uintptr_t)read_out, 0, 0);
}

/** Writes bytes; says how many were taken. */
static inline bs_status bs_io_write(bs_handle io, const void *buffer, uint64_t length, uint64_t *written_out) {
  return (bs_status)bs_system_call(BS_CALL_IO_WRITE, io, (uint64_t)(uintptr_t)buffer, length, (uint64_t)(uintptr_t)written_out, 0, 0);
}

/** Closes a handle of io_open or time_deadline. */
static inline bs_status bs_io_close(bs_handle io) {
  return (bs_status)bs_system_call(BS_CALL_IO_CLOSE, io, 0, 0, 0, 0, 0);
}

/** Waits until one of the handles is ready. Without handles it waits for the time alone. */
static inline bs_status bs_io_poll(const bs_handle *handles, uint32_t count, uint64_t timeout, struct bs_io_event *events_out, uint32_t *count_out) {
  return (bs_status)bs_system_call(BS_CALL_IO_POLL, (uint64_t)(uintptr_t)handles, count, timeout, (uint64_t)(uintptr_t)events_out, (uint64_t)(uintptr_t)count_out, 0);
}

/** A channel of messages. Handles of it may go through channels. */
static inline bs_status bs_ipc_channel_create(uint32_t flags, bs_handle *channel_out) {
  return (bs_status)bs_system_call(BS_CALL_IPC_CHANNEL_CREATE, flags, (uint64_t)(uintptr_t)channel_out, 0, 0, 0, 0);
}

/** Sends one message. With `ipc_transfer` the message begins with a handle (8 bytes), which the receiver gets a handle of its own for. */
static inline bs_status bs_ipc_send(bs_handle channel, const void *buffer, uint64_t length, uint32_t flags) {
  return (bs_status)bs_system_call(BS_CALL_IPC_SEND, channel, (uint64_t)(uintptr_t)buffer, length, flags, 0, 0);
}

/** Takes the oldest message. `read_out` tells its size. */
static inline bs_status bs_ipc_recv(bs_handle channel, void *buffer, uint64_t length, uint64_t *read_out, uint32_t flags) {
  return (bs_status)bs_system_call(BS_CALL_IPC_RECV, channel, (uint64_t)(uintptr_t)buffer, length, (uint64_t)(uintptr_t)read_out, flags, 0);
}

/** Closes the channel for all who have it: what is in it can still be received. */
static inline bs_status bs_ipc_close(bs_handle channel) {
  return (bs_status)bs_system_call(BS_CALL_IPC_CLOSE, channel, 0, 0, 0, 0, 0);
}

/** A socket: domain 2 (IPv4), type 1 (TCP) or 2 (UDP). */
static inline bs_status bs_net_socket(uint32_t domain, uint32_t type, uint32_t protocol, bs_handle *socket_out) {
  return (bs_status)bs_system_call(BS_CALL_NET_SOCKET, domain, type, protocol, (uint64_t)(uintptr_t)socket_out, 0, 0);
}

/** Gives a socket its local address; port 0 takes a free one. */
static inline bs_status bs_net_bind(bs_handle socket, const struct bs_net_address *address, uint32_t address_length) {
  return (bs_status)bs_system_call(BS_CALL_NET_BIND, socket, (uint64_t)(uintptr_t)address, address_length, 0, 0, 0);
}

/** Connects a socket to a peer. */
static inline bs_status bs_net_connect(bs_handle socket, const struct bs_net_address *address, uint32_t address_length) {
  return (bs_status)bs_system_call(BS_CALL_NET_CONNECT, socket, (uint64_t)(uintptr_t)address, address_length, 0, 0, 0);
}

/** Sends to the peer of the socket. */
static inline bs_status bs_net_send(bs_handle socket, const void *buffer, uint64_t length, uint32_t flags, uint64_t *written_out) {
  return (bs_status)bs_system_call(BS_CALL_NET_SEND, socket, (uint64_t)(uintptr_t)buffer, length, flags, (uint64_t)(uintptr_t)written_out, 0);
}

/** Receives from the peer of the socket. */
static inline bs_status bs_net_recv(bs_handle socket, void *buffer, uint64_t length, uint32_t flags, uint64_t *read_out) {
  return (bs_status)bs_system_call(BS_CALL_NET_RECV, socket, (uint64_t)(uintptr_t)buffer, length, flags, (uint64_t)(uintptr_t)read_out, 0);
}

/** Closes a socket. */
static inline bs_status bs_net_close(bs_handle socket) {
  return (bs_status)bs_system_call(BS_CALL_NET_CLOSE, socket, 0, 0, 0, 0, 0);
}

/** One line of the structured log; bytes that would break the line are shown as escapes. */
static inline bs_status bs_log_write(uint32_t level, const void *message, uint64_t length) {
  return (bs_status)bs_system_call(BS_CALL_LOG_WRITE, level, (uint64_t)(uintptr_t)message, length, 0, 0, 0);
}

/** Begins a span of the task's work. */
static inline bs_status bs_trace_span_begin(const void *name, uint64_t name_length, bs_handle *span_out) {
  return (bs_status)bs_system_call(BS_CALL_TRACE_SPAN_BEGIN, (uint64_t)(uintptr_t)name, name_length, (uint64_t)(uintptr_t)span_out, 0, 0, 0);
}

/** Ends a span. */
static inline bs_status bs_trace_span_end(bs_handle span) {
  return (bs_status)bs_system_call(BS_CALL_TRACE_SPAN_END, span, 0, 0, 0, 0, 0);
}

/** Something that happens within a span, with text of its own. */
static inline bs_status bs_trace_event(bs_handle span, const void *name, uint64_t name_length, const void *detail, uint64_t detail_length) {
  return (bs_status)bs_system_call(BS_CALL_TRACE_EVENT, span, (uint64_t)(uintptr_t)name, name_length, (uint64_t)(uintptr_t)detail, detail_length, 0);
}

/** More about the last call of this task that did not answer OK. */
static inline bs_status bs_err_get_last(struct bs_error_info *error_out) {
  return (bs_status)bs_system_call(BS_CALL_ERR_GET_LAST, (uint64_t)(uintptr_t)error_out, 0, 0, 0, 0, 0);
}

/** Fills memory with random bytes. */
static inline bs_status bs_rng_read(void *buffer, uint64_t length) {
  return (bs_status)bs_system_call(BS_CALL_RNG_READ, (uint64_t)(uintptr_t)buffer, length, 0, 0, 0, 0);
}

/** Waits until a task has ended, tells how, and forgets it: its handle is stale then. */
static inline bs_status bs_task_wait(bs_handle task, uint64_t timeout, struct bs_task_end *end_out) {
  return (bs_status)bs_system_call(BS_CALL_TASK_WAIT, task, timeout, (uint64_t)(uintptr_t)end_out, 0, 0, 0);
}

/** Ends another task with a code, wherever it is. */
static inline bs_status bs_task_kill(bs_handle task, int32_t code) {
  return (bs_status)bs_system_call(BS_CALL_TASK_KILL, task, (uint64_t)(int64_t)code, 0, 0, 0, 0);
}

/** Lets a TCP socket accept peers. */
static inline bs_status bs_net_listen(bs_handle socket, uint32_t backlog) {
  return (bs_status)bs_system_call(BS_CALL_NET_LISTEN, socket, backlog, 0, 0, 0, 0);
}

/** The next peer of a listening socket, as a socket of its own. */
static inline bs_status bs_net_accept(bs_handle socket, uint32_t flags, bs_handle *socket_out, struct bs_net_address *peer_out) {
  return (bs_status)bs_system_call(BS_CALL_NET_ACCEPT, socket, flags, (uint64_t)(uintptr_t)socket_out, (uint64_t)(uintptr_t)peer_out, 0, 0);
}

/** Sends one datagram to an address. */
static inline bs_status bs_net_send_to(bs_handle socket, const void *buffer, uint64_t length, const struct bs_net_address *address, uint32_t flags, uint64_t *written_out) {
  return (bs_status)bs_system_call(BS_CALL_NET_SEND_TO, socket, (uint64_t)(uintptr_t)buffer, length, (uint64_t)(uintptr_t)address, flags, (uint64_t)(uintptr_t)written_out);
}

/** Receives one datagram and its sender. */
static inline bs_status bs_net_recv_from(bs_handle socket, void *buffer, uint64_t length, struct bs_net_address *sender_out, uint32_t flags, uint64_t *read_out) {
  return (bs_status)bs_system_call(BS_CALL_NET_RECV_FROM, socket, (uint64_t)(uintptr_t)buffer, length, (uint64_t)(uintptr_t)sender_out, flags, (uint64_t)(uintptr_t)read_out);
}

/** What is at a path of the image. */
static inline bs_status bs_file_stat(const char *path, struct bs_file_stat *stat_out) {
  return (bs_status)bs_system_call(BS_CALL_FILE_STAT, (uint64_t)(uintptr_t)path, (uint64_t)(uintptr_t)stat_out, 0, 0, 0, 0);
}

/** Names in a directory, each closed by a zero byte, from the `start`-th on. */
static inline bs_status bs_file_list(const char *path, uint32_t start, void *buffer, uint64_t length, uint64_t *read_out) {
  return (bs_status)bs_system_call(BS_CALL_FILE_LIST, (uint64_t)(uintptr_t)path, start, (uint64_t)(uintptr_t)buffer, length, (uint64_t)(uintptr_t)read_out, 0);
}

/** Where the next io_read of a file begins. */
static inline bs_status bs_file_seek(bs_handle io, int64_t offset, uint32_t origin, uint64_t *position_out) {
  return (bs_status)bs_system_call(BS_CALL_FILE_SEEK, io, (uint64_t)(int64_t)offset, origin, (uint64_t)(uintptr_t)position_out, 0, 0);
}

/** Maps shared memory into this process. */
static inline bs_status bs_mem_attach(bs_handle shared, uint32_t flags, uint64_t *address_out) {
  return (bs_status)bs_system_call(BS_CALL_MEM_ATTACH, shared, flags, (uint64_t)(uintptr_t)address_out, 0, 0, 0);
}

/** A shared immutable value from its canonical CBOR. */
static inline bs_status bs_value_create(const void *bytes, uint64_t length, bs_handle *value_out) {
  return (bs_status)bs_system_call(BS_CALL_VALUE_CREATE, (uint64_t)(uintptr_t)bytes, length, (uint64_t)(uintptr_t)value_out, 0, 0, 0);
}

/** The canonical CBOR of a shared value. `read_out` tells its size. */
static inline bs_status bs_value_read(bs_handle value, void *buffer, uint64_t length, uint64_t *read_out) {
  return (bs_status)bs_system_call(BS_CALL_VALUE_READ, value, (uint64_t)(uintptr_t)buffer, length, (uint64_t)(uintptr_t)read_out, 0, 0);
}

/** Closes a handle of a shared value. */
static inline bs_status bs_value_drop(bs_handle value) {
  return (bs_status)bs_system_call(BS_CALL_VALUE_DROP, value, 0, 0, 0, 0, 0);
}

/** A cell that holds one shared value at a time. */
static inline bs_status bs_atom_create(bs_handle value, bs_handle *atom_out) {
  return (bs_status)bs_system_call(BS_CALL_ATOM_CREATE, value, (uint64_t)(uintptr_t)atom_out, 0, 0, 0, 0);
}

/** The value that an atom holds, as a handle of its own. */
static inline bs_status bs_atom_load(bs_handle atom, bs_handle *value_out) {
  return (bs_status)bs_system_call(BS_CALL_ATOM_LOAD, atom, (uint64_t)(uintptr_t)value_out, 0, 0, 0, 0);
}

/** Puts a value into an atom and gives the one before. */
static inline bs_status bs_atom_swap(bs_handle atom, bs_handle value, bs_handle *before_out) {
  return (bs_status)bs_system_call(BS_CALL_ATOM_SWAP, atom, value, (uint64_t)(uintptr_t)before_out, 0, 0, 0);
}

/** Puts a value into an atom if it still holds the value that was read. */
static inline bs_status bs_atom_compare_and_set(bs_handle atom, bs_handle expected, bs_handle value) {
  return (bs_status)bs_system_call(BS_CALL_ATOM_COMPARE_AND_SET, atom, expected, value, 0, 0, 0);
}

/** Waits until an atom no longer holds a value. */
static inline bs_status bs_atom_watch(bs_handle atom, bs_handle seen, uint64_t timeout) {
  return (bs_status)bs_system_call(BS_CALL_ATOM_WATCH, atom, seen, timeout, 0, 0, 0);
}

/** Closes a handle of an atom. */
static inline bs_status bs_atom_drop(bs_handle atom) {
  return (bs_status)bs_system_call(BS_CALL_ATOM_DROP, atom, 0, 0, 0, 0, 0);
}

/** How many processors run tasks. */
static inline bs_status bs_task_processors(uint32_t *count_out) {
  return (bs_status)bs_system_call(BS_CALL_TASK_PROCESSORS, (uint64_t)(uintptr_t)count_out, 0, 0, 0, 0, 0);
}
