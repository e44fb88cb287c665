// Calls of devices and files, and io_poll.
#include "calls.h"
#include "device.h"
#include "errors.h"
#include "handles.h"
#include "image.h"
#include "poll.h"
#include "user-memory.h"
#include "user-text.h"

/** One call writes at most this much, so that others wait no longer than for this. */
enum { WRITE_MAX = 4096 };

static bool is_same(const char *a, const char *b) {
  for (; *a == *b; a++, b++)
    if (*a == 0) return true;
  return false;
}

static struct device *named_device(const struct task *task, bs_handle handle) {
  bool stale;
  return handle_object(task->process, handle, 1u << BS_HANDLE_IO, &stale);
}

/** The file that a path names, or NULL for the console. Files of the image are not written. */
static bs_status find_file(const char *path, uint64_t flags, const struct image_entry **file) {
  uint32_t entry;
  *file = NULL;
  if (is_same(path, "console") || is_same(path, "serial")) return BS_OK;
  bs_status status = image_find_path(path, &entry);
  if (status != BS_OK) return status;
  if (entry == IMAGE_ROOT || image_of_disk()->entries[entry].kind != IMAGE_FILE) return BS_NOENT;
  *file = &image_of_disk()->entries[entry];
  return (flags & BS_IO_FOR_WRITE) != 0 ? BS_PERMISSION : BS_OK;
}

bs_status call_io_open(struct task *task, const uint64_t *arguments) {
  char path[256];
  bs_status status = user_path(task->process, arguments[0], path);
  if (status != BS_OK) return status;
  const struct image_entry *file;
  status = find_file(path, arguments[1], &file);
  if (status != BS_OK) return status;
  struct device *device = object_take();
  if (device == NULL) return task_fails(task, BS_NOMEM, BS_DETAIL_MEMORY, 0, 0);
  device->flags = (unsigned)arguments[1];
  device->file = file;
  bs_handle handle;
  status = handle_open(task, BS_HANDLE_IO, device, &handle);
  if (status != BS_OK) {
    device_release(device);
    return status;
  }
  return user_write(task->process, arguments[2], &handle, sizeof(handle));
}

static bs_status read_file(struct task *task, struct device *device, const uint64_t *arguments) {
  uint64_t left = device->file->bytes - device->position;
  uint64_t count = arguments[2] < left ? arguments[2] : left;
  const uint8_t *contents = image_contents(device->file) + device->position;
  bs_status status = user_write(task->process, arguments[1], contents, count);
  if (status == BS_OK) status = user_write(task->process, arguments[3], &count, sizeof(count));
  if (status == BS_OK) device->position += count;
  return status;
}

bs_status call_io_read(struct task *task, const uint64_t *arguments) {
  struct device *device = named_device(task, arguments[0]);
  if ((device->flags & BS_IO_FOR_READ) == 0) return BS_PERMISSION;
  if (device->file != NULL) return read_file(task, device, arguments);
  uint64_t count = 0;
  while (count < arguments[2] && (device_events(device) & BS_IO_READABLE) != 0) {
    uint8_t byte = (uint8_t)console_read();
    bs_status status = user_write(task->process, arguments[1] + count, &byte, 1);
    if (status != BS_OK) return status;
    count++;
  }
  if (count == 0 && arguments[2] > 0) return BS_WOULD_BLOCK;
  return user_write(task->process, arguments[3], &count, sizeof(count));
}

bs_status call_io_write(struct task *task, const uint64_t *arguments) {
  const struct device *device = named_device(task, arguments[0]);
  if ((device->flags & BS_IO_FOR_WRITE) == 0) return BS_PERMISSION;
  uint64_t count = arguments[2] < WRITE_MAX ? arguments[2] : WRITE_MAX;
  size_t part;
  for (uint64_t done = 0; done < count; done += part) {
    const uint8_t *bytes =
        user_part(task->process, arguments[1] + done, count - done, ACCESS_READ, &part);
    if (bytes == NULL) return BS_INVALID;
    for (size_t i = 0; i < part; i++)
      arch_console_write(bytes[i]);
  }
  return user_write(task->process, arguments[3], &count, sizeof(count));
}

bs_status call_io_close(struct task *task, const uint64_t *arguments) {
  handle_close(task->process, arguments[0]);
  return BS_OK;
}

/** Looks at the handles once; tells how many are ready, with their events at `events`. */
static bs_status look(struct task *task, const uint64_t *arguments, uint64_t *deadline,
                      uint32_t *ready) {
  *ready = 0;
  for (uint64_t i = 0; i < arguments[1]; i++) {
    struct bs_io_event event = {.handle = 0};
    bs_status status = user_read(task->process, &event.handle, arguments[0] + i * sizeof(bs_handle),
                                 sizeof(bs_handle));
    if (status != BS_OK) return status;
    event.events = poll_events(task, event.handle, deadline);
    if (event.events == 0) continue;
    status =
        user_write(task->process, arguments[3] + *ready * sizeof(event), &event, sizeof(event));
    if (status != BS_OK) return status;
    ++*ready;
  }
  return BS_OK;
}

bs_status call_io_poll(struct task *task, const uint64_t *arguments) {
  uint64_t now = arch_clock(), timeout = arguments[2];
  uint64_t end = timeout < UINT64_MAX - now ? now + timeout : UINT64_MAX;
  for (;;) {
    uint64_t again = end;
    uint32_t ready;
    bs_status status = look(task, arguments, &again, &ready);
    if (status != BS_OK) return status;
    if (ready > 0) return user_write(task->process, arguments[4], &ready, sizeof(ready));
    if (timeout == 0) return BS_WOULD_BLOCK;
    if (arch_clock() >= end) return BS_TIMEOUT;
    if (poll_wait(again) == BS_CLOSED) return BS_CLOSED;
  }
}
