// Channels: queues of values between tasks, bounded, first in first out. Memory for the queue is
// taken when the channel is made, so that sending never runs out of memory.
#pragma once

#include <basalt/frame.h>

/** The most values that a channel can hold. */
#define BS_CHANNEL_MAX ((size_t)1 << 24)

/** A channel that holds so many values; with 0 a sender waits until a receiver takes its value.
 * BS_RANGE beyond BS_CHANNEL_MAX. */
bs_status bs_channel_new(bs_heap *heap, size_t capacity, bs_value *out);

/** Sends a value, of which the channel takes a reference of its own, without waiting.
 * BS_WOULD_BLOCK where there is no room, BS_CLOSED after the channel was closed. */
bs_status bs_channel_send(bs_heap *heap, bs_value channel, bs_value value);

/** Receives a value, which is then the caller's, without waiting. BS_WOULD_BLOCK where there is
 * none, BS_CLOSED where there is none and the channel was closed. */
bs_status bs_channel_receive(bs_heap *heap, bs_value channel, bs_value *value);

/** Closes the channel: what it holds can still be received, then receivers and all senders, also
 * those that wait now, get BS_CLOSED. BS_CLOSED where it is closed already. */
bs_status bs_channel_close(bs_heap *heap, bs_value channel);

/** Values in the queue, without those of senders that wait. */
size_t bs_channel_count(bs_value channel);

/** Whether it was closed. */
bool bs_channel_closed(bs_value channel);
