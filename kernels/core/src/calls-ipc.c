// Calls of channels.
#include "calls.h"
#include "capabilities.h"
#include "channel.h"
#include "errors.h"
#include "poll.h"
#include "user-memory.h"

/** Handles of these kinds may go through a channel. */
enum {
  TRANSFERABLE =
      1 << BS_HANDLE_IO | 1 << BS_HANDLE_IPC | 1 << BS_HANDLE_TIMER | 1 << BS_HANDLE_MEMORY,
};

static struct channel *named_channel(const struct task *task, bs_handle handle) {
  bool stale;
  return handle_object(task->process, handle, 1u << BS_HANDLE_IPC, &stale);
}

bs_status call_ipc_channel_create(struct task *task, const uint64_t *arguments) {
  if (arguments[0] != 0) return task_fails(task, BS_INVALID, BS_DETAIL_VALUE, 0, arguments[0]);
  struct channel *channel = object_take();
  if (channel == NULL) return task_fails(task, BS_NOMEM, BS_DETAIL_MEMORY, 0, 0);
  bs_handle handle;
  bs_status status = handle_open(task, BS_HANDLE_IPC, channel, &handle);
  if (status != BS_OK) {
    channel_release(channel);
    return status;
  }
  return user_write(task->process, arguments[1], &handle, sizeof(handle));
}

/** Notes in a message what goes along with it: the object of the handle that it begins with. */
static bs_status attach(struct task *task, struct message *message) {
  bs_handle handle;
  if (message->bytes < sizeof(handle))
    return task_fails(task, BS_INVALID, BS_DETAIL_VALUE, 2, message->bytes);
  __builtin_memcpy(&handle, message->data, sizeof(handle));
  unsigned tag = handle_tag(handle);
  if (tag == BS_HANDLE_CAP) {
    message->kind = capability_kind(task->process, handle);
    if (message->kind == 0) return task_fails(task, BS_NOENT, BS_DETAIL_HANDLE_STALE, 1, handle);
    if ((task->allowed >> (message->kind - 1) & 1) == 0)
      return task_fails(task, BS_PERMISSION, BS_DETAIL_CAPABILITY, message->kind, 0);
    message->tag = tag;
    return BS_OK;
  }
  bool stale;
  message->object = handle_object(task->process, handle, TRANSFERABLE, &stale);
  if (message->object == NULL)
    return stale ? task_fails(task, BS_NOENT, BS_DETAIL_HANDLE_STALE, 1, handle)
                 : task_fails(task, BS_INVALID, BS_DETAIL_HANDLE_KIND, 1, handle);
  message->tag = tag;
  object_retain(message->object);
  return BS_OK;
}

static bs_status make_message(struct task *task, const uint64_t *arguments, struct message **out) {
  paddr frame;
  if (!frames_take(&frame)) return task_fails(task, BS_NOMEM, BS_DETAIL_MEMORY, 0, 0);
  struct message *message = arch_direct(frame);
  message->bytes = arguments[2];
  bs_status status = user_read(task->process, message->data, arguments[1], message->bytes);
  if (status == BS_OK && (arguments[3] & BS_IPC_TRANSFER) != 0) status = attach(task, message);
  if (status != BS_OK) {
    message_drop(message);
    return status;
  }
  *out = message;
  return BS_OK;
}

/** Waits for a place; the channel stays while we wait though all its handles may be closed. */
static bs_status wait_for_place(struct channel *channel, bool wait) {
  bs_status status = BS_OK;
  object_retain(channel);
  while (status == BS_OK && !channel->closed && channel->count == BS_MAX_IPC_MESSAGES)
    status = wait ? task_wait(&channel->senders, UINT64_MAX) : BS_WOULD_BLOCK;
  if (status == BS_OK && channel->closed) status = BS_CLOSED;
  if (status != BS_OK) channel_release(channel);
  return status;
}

bs_status call_ipc_send(struct task *task, const uint64_t *arguments) {
  struct channel *channel = named_channel(task, arguments[0]);
  bs_status status = wait_for_place(channel, (arguments[3] & BS_IPC_NONBLOCKING) == 0);
  if (status != BS_OK) return status;
  struct message *message;
  status = make_message(task, arguments, &message);
  if (status == BS_OK) {
    channel->messages[(channel->first + channel->count++) % BS_MAX_IPC_MESSAGES] = message;
    wake_one(&channel->receivers);
    poll_changed();
  } else {
    // The place that we were woken for is another sender's.
    wake_one(&channel->senders);
  }
  channel_release(channel);
  return status;
}

/** Gives the receiver a handle of its own for what goes along. */
static bs_status open_attached(struct task *task, struct message *message) {
  bs_handle handle;
  if (message->tag == 0) return BS_OK;
  if (message->tag == BS_HANDLE_CAP) {
    handle = capability_grant(task, message->kind);
  } else {
    bs_status status = handle_open(task, message->tag, message->object, &handle);
    if (status != BS_OK) return status;
  }
  message->tag = 0;
  __builtin_memcpy(message->data, &handle, sizeof(handle));
  return BS_OK;
}

static bs_status take_message(struct task *task, struct channel *channel,
                              const uint64_t *arguments) {
  struct message *message = channel->messages[channel->first];
  uint64_t bytes = message->bytes;
  bs_status status = user_write(task->process, arguments[3], &bytes, sizeof(bytes));
  if (status != BS_OK) return status;
  if (bytes > arguments[2]) return BS_RANGE;
  if (!user_may(task->process, arguments[1], bytes, ACCESS_WRITE))
    return task_fails(task, BS_INVALID, BS_DETAIL_ADDRESS, 1, arguments[1]);
  status = open_attached(task, message);
  if (status != BS_OK) return status;
  user_write(task->process, arguments[1], message->data, bytes);
  channel->first = (channel->first + 1) % BS_MAX_IPC_MESSAGES;
  channel->count--;
  message_drop(message);
  wake_one(&channel->senders);
  poll_changed();
  return BS_OK;
}

bs_status call_ipc_recv(struct task *task, const uint64_t *arguments) {
  struct channel *channel = named_channel(task, arguments[0]);
  bool wait = (arguments[4] & BS_IPC_NONBLOCKING) == 0;
  bs_status status = BS_OK;
  object_retain(channel);
  while (status == BS_OK && !channel->closed && channel->count == 0)
    status = wait ? task_wait(&channel->receivers, UINT64_MAX) : BS_WOULD_BLOCK;
  if (status == BS_OK)
    status = channel->count > 0 ? take_message(task, channel, arguments) : BS_CLOSED;
  // What we were woken for and did not take is another receiver's.
  if (status != BS_OK && channel->count > 0) wake_one(&channel->receivers);
  channel_release(channel);
  return status;
}

bs_status call_ipc_close(struct task *task, const uint64_t *arguments) {
  channel_close(named_channel(task, arguments[0]));
  handle_close(task->process, arguments[0]);
  return BS_OK;
}
