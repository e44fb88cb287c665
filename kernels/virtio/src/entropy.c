// Asks for one buffer of entropy at a time, ahead of its use.
#include "virtio/entropy.h"

static bs_status ask(struct entropy_device *entropy) {
  const struct virtio_buffer buffer = {entropy->bytes, ENTROPY_BYTES, true};
  bs_status status = virtio_queue_give(&entropy->queue, &buffer, 1, entropy);
  if (status != BS_OK) return status;
  entropy->asked = true;
  virtio_queue_notify(&entropy->queue);
  return BS_OK;
}

bs_status entropy_start(struct entropy_device *entropy, struct virtio_device *device,
                        void *queue_memory) {
  *entropy = (struct entropy_device){.device = device};
  if (device->kind != VIRTIO_ENTROPY) return BS_INVALID;
  bs_status status = virtio_negotiate(device, 0);
  if (status == BS_OK) status = virtio_queue_start(&entropy->queue, device, 0, queue_memory);
  if (status != BS_OK) return status;
  virtio_ready(device);
  return ask(entropy);
}

/** Takes the answer of the host, if it is there. */
static bs_status receive(struct entropy_device *entropy) {
  void *owner;
  uint32_t written;
  bs_status status = virtio_queue_take(&entropy->queue, &owner, &written);
  if (status != BS_OK) return status;
  entropy->asked = false;
  entropy->received = written;
  entropy->ready = written;
  return BS_OK;
}

bs_status entropy_take(struct entropy_device *entropy, void *out, size_t most, size_t *taken) {
  *taken = 0;
  if (entropy->asked) {
    bs_status status = receive(entropy);
    if (status != BS_OK) return status;
  }
  uint8_t *bytes = out;
  while (*taken < most && entropy->ready > 0) {
    uint8_t *next = &entropy->bytes[entropy->received - entropy->ready--];
    bytes[(*taken)++] = *next;
    *next = 0;
  }
  bs_status status = entropy->ready == 0 ? ask(entropy) : BS_OK;
  if (status != BS_OK) return status;
  return *taken == 0 && most > 0 ? BS_WOULD_BLOCK : BS_OK;
}
