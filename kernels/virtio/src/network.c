// Buffers of both directions circulate: what came in is copied and its buffer given again.
#include "virtio/network.h"

#define FEATURE_ADDRESS (UINT64_C(1) << 5)

enum { RECEIVE = 0, SEND = 1, SETTING_ADDRESS = 0 };

static void copy(uint8_t *to, const uint8_t *from, size_t bytes) {
  for (size_t i = 0; i < bytes; i++)
    to[i] = from[i];
}

static bs_status give_for_receiving(struct network_device *network, struct network_buffer *buffer) {
  const struct virtio_buffer room = {buffer, NETWORK_HEADER_BYTES + NETWORK_FRAME_BYTES, true};
  return virtio_queue_give(&network->receive, &room, 1, buffer);
}

bs_status network_start(struct network_device *network, struct virtio_device *device,
                        void *receive_memory, void *send_memory) {
  // In place: as a value of its own it would not fit the stack of a kernel.
  __builtin_memset(network, 0, sizeof *network);
  network->device = device;
  if (device->kind != VIRTIO_NETWORK) return BS_INVALID;
  bs_status status = virtio_negotiate(device, FEATURE_ADDRESS);
  if (status != BS_OK) return status;
  if ((device->features & FEATURE_ADDRESS) == 0) return BS_UNSUPPORTED;
  for (uint32_t i = 0; i < NETWORK_ADDRESS_BYTES; i++)
    network->address[i] = (uint8_t)virtio_setting(device, SETTING_ADDRESS + i, 1);
  status = virtio_queue_start(&network->receive, device, RECEIVE, receive_memory);
  if (status == BS_OK) status = virtio_queue_start(&network->send, device, SEND, send_memory);
  // A device with a shorter queue gets fewer buffers.
  for (size_t i = 0; i < NETWORK_RECEIVE_BUFFERS && status == BS_OK; i++)
    status = give_for_receiving(network, &network->receive_buffers[i]);
  if (status != BS_OK && status != BS_WOULD_BLOCK) return status;
  virtio_ready(device);
  virtio_queue_notify(&network->receive);
  return BS_OK;
}

/** Takes back the buffers that the device has sent. */
static bs_status reclaim(struct network_device *network) {
  for (;;) {
    void *owner;
    uint32_t written;
    bs_status status = virtio_queue_take(&network->send, &owner, &written);
    if (status != BS_OK) return status == BS_WOULD_BLOCK ? BS_OK : status;
    ((struct network_buffer *)owner)->used = false;
  }
}

bs_status network_send(struct network_device *network, const void *frame, size_t bytes) {
  if (bytes == 0 || bytes > NETWORK_FRAME_BYTES) return BS_RANGE;
  bs_status status = reclaim(network);
  if (status != BS_OK) return status;
  size_t at = 0;
  while (at < NETWORK_SEND_BUFFERS && network->send_buffers[at].used)
    at++;
  if (at == NETWORK_SEND_BUFFERS) return BS_WOULD_BLOCK;
  struct network_buffer *buffer = &network->send_buffers[at];
  for (size_t i = 0; i < NETWORK_HEADER_BYTES; i++)
    buffer->header[i] = 0;
  copy(buffer->frame, frame, bytes);
  const struct virtio_buffer whole = {buffer, NETWORK_HEADER_BYTES + (uint32_t)bytes, false};
  status = virtio_queue_give(&network->send, &whole, 1, buffer);
  if (status != BS_OK) return status;
  buffer->used = true;
  virtio_queue_notify(&network->send);
  return BS_OK;
}

bs_status network_receive(struct network_device *network, void *frame, size_t *bytes) {
  void *owner;
  uint32_t written;
  bs_status status = virtio_queue_take(&network->receive, &owner, &written);
  if (status != BS_OK) return status;
  // Less than a header is no frame.
  if (written <= NETWORK_HEADER_BYTES) return virtio_break(network->device);
  struct network_buffer *buffer = owner;
  *bytes = written - NETWORK_HEADER_BYTES;
  copy(frame, buffer->frame, *bytes);
  status = give_for_receiving(network, buffer);
  if (status != BS_OK) return status;
  virtio_queue_notify(&network->receive);
  return BS_OK;
}
