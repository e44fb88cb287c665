// Calls of the files of the image.
#include "calls.h"
#include "device.h"
#include "handles.h"
#include "image.h"
#include "user-memory.h"
#include "user-text.h"

/** The entry of the path that a program names. */
static bs_status named_entry(const struct task *task, vaddr address, uint32_t *entry) {
  char path[IMAGE_PATH_BYTES + 1];
  bs_status status = user_path(task->process, address, path);
  if (status != BS_OK) return status;
  return image_find_path(path, entry);
}

static bool is_folder(uint32_t entry) {
  return entry == IMAGE_ROOT || image_of_disk()->entries[entry].kind == IMAGE_FOLDER;
}

bs_status call_file_stat(struct task *task, const uint64_t *arguments) {
  uint32_t entry;
  bs_status status = named_entry(task, arguments[0], &entry);
  if (status != BS_OK) return status;
  struct bs_file_stat stat = {.is_directory = is_folder(entry)};
  if (entry != IMAGE_ROOT) stat.bytes = image_of_disk()->entries[entry].bytes;
  return user_write(task->process, arguments[1], &stat, sizeof(stat));
}

/** The last part of a path. */
static const char *last_part(uint32_t entry, size_t *bytes) {
  const char *path = image_path(image_of_disk(), entry, bytes);
  size_t start = *bytes;
  while (start > 0 && path[start - 1] != '/')
    start--;
  *bytes -= start;
  return path + start;
}

bs_status call_file_list(struct task *task, const uint64_t *arguments) {
  uint32_t folder, cursor = 0;
  bs_status status = named_entry(task, arguments[0], &folder);
  if (status != BS_OK) return status;
  if (!is_folder(folder)) return BS_NOENT;
  uint64_t written = 0, skipped = 0;
  while (image_next(image_of_disk(), folder, &cursor)) {
    size_t bytes;
    const char *name = last_part(cursor - 1, &bytes);
    if (skipped++ < arguments[1]) continue;
    // Names are given whole; that not even one fits is told.
    if (bytes + 1 > arguments[3] - written) {
      if (written == 0) return BS_RANGE;
      break;
    }
    status = user_write(task->process, arguments[2] + written, name, bytes);
    if (status == BS_OK) status = user_write(task->process, arguments[2] + written + bytes, "", 1);
    if (status != BS_OK) return status;
    written += bytes + 1;
  }
  return user_write(task->process, arguments[4], &written, sizeof(written));
}

bs_status call_file_seek(struct task *task, const uint64_t *arguments) {
  bool stale;
  struct device *device = handle_object(task->process, arguments[0], 1u << BS_HANDLE_IO, &stale);
  if (device->file == NULL) return BS_UNSUPPORTED;
  int64_t offset = (int64_t)arguments[1], position;
  int64_t end = (int64_t)device->file->bytes;
  int64_t origin = arguments[2] == BS_SEEK_START  ? 0
                   : arguments[2] == BS_SEEK_HERE ? (int64_t)device->position
                                                  : end;
  bool wraps = __builtin_add_overflow(origin, offset, &position);
  if (wraps || position < 0 || position > end) return BS_RANGE;
  uint64_t reached = (uint64_t)position;
  bs_status status = user_write(task->process, arguments[3], &reached, sizeof(reached));
  if (status == BS_OK) device->position = reached;
  return status;
}
