// The life of channels and messages.
#include "channel.h"

#include "poll.h"

_Static_assert(sizeof(struct message) + 4032 <= PAGE_BYTES, "a message fits its frame");
_Static_assert(sizeof(struct channel) <= OBJECT_BYTES, "a channel fits its place");

void message_drop(struct message *message) {
  if (message->tag != 0 && message->tag != BS_HANDLE_CAP)
    handle_release_object(message->tag, message->object);
  frames_give(arch_physical(message));
}

void channel_release(void *object) {
  struct channel *channel = object;
  if (!object_released(channel)) return;
  for (; channel->count > 0; channel->count--) {
    message_drop(channel->messages[channel->first]);
    channel->first = (channel->first + 1) % BS_MAX_IPC_MESSAGES;
  }
  object_give(channel);
}

void channel_close(struct channel *channel) {
  channel->closed = true;
  wake_all(&channel->senders);
  wake_all(&channel->receivers);
  poll_changed();
}
