// One buffer for each direction.
#include "virtio/console.h"

enum { INPUT = 0, OUTPUT = 1 };

static bs_status ask(struct console_device *console) {
  const struct virtio_buffer buffer = {console->in, CONSOLE_BYTES, true};
  bs_status status = virtio_queue_give(&console->input, &buffer, 1, console);
  if (status != BS_OK) return status;
  console->asked = true;
  virtio_queue_notify(&console->input);
  return BS_OK;
}

bs_status console_device_start(struct console_device *console, struct virtio_device *device,
                               void *input_memory, void *output_memory) {
  *console = (struct console_device){.device = device};
  if (device->kind != VIRTIO_CONSOLE) return BS_INVALID;
  bs_status status = virtio_negotiate(device, 0);
  if (status == BS_OK) status = virtio_queue_start(&console->input, device, INPUT, input_memory);
  if (status == BS_OK) status = virtio_queue_start(&console->output, device, OUTPUT, output_memory);
  if (status != BS_OK) return status;
  virtio_ready(device);
  return ask(console);
}

bs_status console_device_write(struct console_device *console, const void *data, size_t bytes,
                               size_t *wrote) {
  *wrote = 0;
  if (console->sending) {
    void *owner;
    uint32_t written;
    bs_status status = virtio_queue_take(&console->output, &owner, &written);
    if (status != BS_OK) return status;
    console->sending = false;
  }
  uint32_t fits = bytes < CONSOLE_BYTES ? (uint32_t)bytes : CONSOLE_BYTES;
  if (fits == 0) return BS_OK;
  for (uint32_t i = 0; i < fits; i++)
    console->out[i] = ((const uint8_t *)data)[i];
  const struct virtio_buffer buffer = {console->out, fits, false};
  bs_status status = virtio_queue_give(&console->output, &buffer, 1, console);
  if (status != BS_OK) return status;
  console->sending = true;
  virtio_queue_notify(&console->output);
  *wrote = fits;
  return BS_OK;
}

bs_status console_device_read(struct console_device *console, void *out, size_t most,
                              size_t *read) {
  *read = 0;
  if (console->asked) {
    void *owner;
    bs_status status = virtio_queue_take(&console->input, &owner, &console->received);
    if (status != BS_OK) return status;
    console->asked = false;
    console->taken = 0;
  }
  while (*read < most && console->taken < console->received)
    ((uint8_t *)out)[(*read)++] = console->in[console->taken++];
  bs_status status = console->taken == console->received ? ask(console) : BS_OK;
  if (status != BS_OK) return status;
  return *read == 0 && most > 0 ? BS_WOULD_BLOCK : BS_OK;
}
