// Channels: messages in order, each a copy in a frame of its own, with at most one object that goes
// along.
#pragma once

#include "handles.h"
#include "object.h"

/** A message; it lies at the start of its frame. */
struct message {
  size_t bytes;
  /** The tag and the object that go along (tag 0: none); for a capability, its kind. */
  unsigned tag;
  unsigned kind;
  void *object;
  uint8_t padding[32];
  uint8_t data[];
};

struct channel {
  struct object object;
  bool closed;
  /** A ring. */
  struct message *messages[BS_MAX_IPC_MESSAGES];
  unsigned first;
  unsigned count;
  struct wait_queue senders;
  struct wait_queue receivers;
};

void channel_release(void *channel);

/** Closes a channel for all: no more messages come in. */
void channel_close(struct channel *channel);

/** Drops a message and what goes along. */
void message_drop(struct message *message);
