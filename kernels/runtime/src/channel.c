// Channels as cells: a ring of values, and the lists of the tasks that wait at it.
#include "task-cells.h"

bs_status bs_channel_new(bs_heap *heap, size_t capacity, bs_value *out) {
  if (capacity > BS_CHANNEL_MAX) return BS_RANGE;
  size_t bytes = sizeof(bs_channel) + (BS_CHANNEL_QUEUE + capacity) * sizeof(bs_value);
  bs_channel *channel = bs_alloc(heap, BS_KIND_CHANNEL, bytes);
  if (channel == NULL) return BS_NOMEM;
  channel->capacity = capacity;
  *out = bs_from_cell(channel);
  return BS_OK;
}

size_t bs_channel_count(bs_value channel) {
  return bs_channel_of(channel)->count;
}

bool bs_channel_closed(bs_value channel) {
  return bs_channel_of(channel)->closed;
}

/** Ends the wait of the first waiter's task by its case. */
static void wake_first(bs_heap *heap, bs_value waiter, bs_signal signal, bs_value value) {
  const bs_waiter *first = bs_waiter_of(waiter);
  bs_task_wake(heap, bs_task_of(first->slots[BS_WAITER_TASK]), first->which, signal, value);
}

static bs_value *queue_slot(bs_channel *channel, size_t at) {
  return &channel->slots[BS_CHANNEL_QUEUE + (channel->first + at) % channel->capacity];
}

/** Moves a value to the end of the queue, which has room. */
static void append(bs_heap *heap, bs_channel *channel, bs_value value) {
  bs_store(heap, &channel->cell, queue_slot(channel, channel->count), value);
  channel->count++;
}

bs_status bs_channel_send(bs_heap *heap, bs_value value, bs_value sent) {
  bs_channel *channel = bs_channel_of(value);
  if (channel->closed) return BS_CLOSED;
  bs_value receiver = channel->slots[BS_CHANNEL_RECEIVERS];
  if (receiver != BS_NONE)
    wake_first(heap, receiver, BS_SIGNAL_VALUE, bs_retain(sent));
  else if (channel->count < channel->capacity)
    append(heap, channel, bs_retain(sent));
  else
    return BS_WOULD_BLOCK;
  return BS_OK;
}

/** The value of the first sender that waits, whose wait is then over. */
static bs_value take_from_sender(bs_heap *heap, bs_channel *channel) {
  bs_value sender = channel->slots[BS_CHANNEL_SENDERS];
  bs_waiter *waiter = bs_waiter_of(sender);
  bs_value taken =
      bs_exchange(heap, &waiter->listed.cell, &waiter->slots[BS_WAITER_VALUE], BS_NONE);
  wake_first(heap, sender, BS_SIGNAL_VALUE, BS_NULL);
  return taken;
}

bs_status bs_channel_receive(bs_heap *heap, bs_value value, bs_value *received) {
  bs_channel *channel = bs_channel_of(value);
  bool sender_waits = channel->slots[BS_CHANNEL_SENDERS] != BS_NONE;
  if (channel->count > 0) {
    *received = bs_exchange(heap, &channel->cell, queue_slot(channel, 0), BS_NONE);
    channel->first = (channel->first + 1) % channel->capacity;
    channel->count--;
    if (sender_waits) append(heap, channel, take_from_sender(heap, channel));
    return BS_OK;
  }
  if (!sender_waits) return channel->closed ? BS_CLOSED : BS_WOULD_BLOCK;
  *received = take_from_sender(heap, channel);
  return BS_OK;
}

bs_status bs_channel_close(bs_heap *heap, bs_value value) {
  bs_channel *channel = bs_channel_of(value);
  if (channel->closed) return BS_CLOSED;
  channel->closed = true;
  for (int list = BS_CHANNEL_RECEIVERS; list <= BS_CHANNEL_SENDERS; list++) {
    while (channel->slots[list] != BS_NONE)
      wake_first(heap, channel->slots[list], BS_SIGNAL_ERROR, bs_error_of(BS_CLOSED));
  }
  return BS_OK;
}
