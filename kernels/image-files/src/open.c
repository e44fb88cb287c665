// Checks the index of an image. Every field has one value that is right, so that there is one image
// of a set of files.
#include <basalt/blake3.h>
#include <basalt/text.h>

#include "image/files.h"

struct header {
  char magic[8];
  uint32_t entries;
  uint32_t names_bytes;
  uint64_t image_bytes;
  uint64_t reserved;
  uint8_t hash[IMAGE_HASH_BYTES];
};

_Static_assert(sizeof(struct header) == IMAGE_HEADER_BYTES, "as in the image");
_Static_assert(sizeof(struct image_entry) == IMAGE_ENTRY_BYTES, "as in the image");

static const char MAGIC[8] = {'B', 'S', 'I', 'M', 'A', 'G', 'E', '1'};

static bool same_bytes(const void *a, const void *b, size_t bytes) {
  const uint8_t *left = a;
  const uint8_t *right = b;
  for (size_t i = 0; i < bytes; i++)
    if (left[i] != right[i]) return false;
  return true;
}

static bool is_zero(const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (bytes[i] != 0) return false;
  return true;
}

static uint64_t aligned(uint64_t bytes) {
  return (bytes + IMAGE_ALIGNMENT - 1) & ~(uint64_t)(IMAGE_ALIGNMENT - 1);
}

bs_status image_measure(const void *start, size_t bytes, uint64_t *index_bytes) {
  const struct header *header = start;
  if (bytes < IMAGE_HEADER_BYTES || !same_bytes(header->magic, MAGIC, sizeof MAGIC))
    return BS_CORRUPT;
  if (header->entries > IMAGE_ENTRIES_MAX) return BS_RANGE;
  if (header->names_bytes > header->entries * IMAGE_PATH_BYTES) return BS_CORRUPT;
  *index_bytes =
      IMAGE_HEADER_BYTES + (uint64_t)header->entries * IMAGE_ENTRY_BYTES + header->names_bytes;
  return BS_OK;
}

/** Whether a part of a path, [start, end), is a name. */
static bool is_part(const char *path, size_t start, size_t end) {
  size_t bytes = end - start;
  bool dots = bytes > 0 && bytes <= 2 && path[start] == '.' && path[end - 1] == '.';
  return bytes > 0 && !dots;
}

/** Whether this is a path; `*folder` is how much of it is before its last part, with no slash. */
static bool is_path(const char *path, size_t bytes, size_t *folder) {
  size_t start = 0;
  *folder = 0;
  if (bytes > IMAGE_PATH_BYTES || !bs_utf8_check(path, bytes, NULL)) return false;
  for (size_t i = 0; i < bytes; i++) {
    if ((uint8_t)path[i] < 0x20 || path[i] == 0x7f) return false;
    if (path[i] != '/') continue;
    if (!is_part(path, start, i)) return false;
    *folder = i;
    start = i + 1;
  }
  return is_part(path, start, bytes);
}

/** Whether two paths are in order and not the same. */
static bool is_before(const char *left, size_t left_bytes, const char *right, size_t right_bytes) {
  for (size_t i = 0; i < left_bytes && i < right_bytes; i++)
    if (left[i] != right[i]) return (uint8_t)left[i] < (uint8_t)right[i];
  return left_bytes < right_bytes;
}

/** Whether an entry's parent is the folder that its path names. */
static bool has_parent(const struct image_files *files, uint32_t at, size_t folder) {
  const struct image_entry *entry = &files->entries[at];
  if (folder == 0) return entry->parent == IMAGE_ROOT;
  if (entry->parent >= at) return false;
  const struct image_entry *parent = &files->entries[entry->parent];
  return parent->kind == IMAGE_FOLDER && parent->path_bytes == folder &&
         same_bytes(files->names + parent->path_offset, files->names + entry->path_offset, folder);
}

/** Whether an entry says about its contents what its kind may say; they begin at `*next`, which
 * goes behind them. */
static bool has_place(const struct image_entry *entry, uint64_t *next, uint64_t end) {
  if (entry->kind == IMAGE_FOLDER)
    return entry->offset == 0 && entry->bytes == 0 && entry->executable == 0 &&
           is_zero(entry->hash, IMAGE_HASH_BYTES);
  if (entry->kind != IMAGE_FILE || entry->executable > 1) return false;
  if (entry->bytes == 0) return entry->offset == 0;
  if (entry->offset != *next || entry->bytes > end - *next) return false;
  *next = aligned(*next + entry->bytes);
  return *next <= end;
}

/** Checks all entries; the contents fill the image from `next` on. */
static bool are_entries(const struct image_files *files, uint32_t names_bytes, uint64_t next,
                        uint64_t end) {
  uint32_t names = 0;
  for (uint32_t i = 0; i < files->count; i++) {
    const struct image_entry *entry = &files->entries[i];
    size_t folder;
    if (entry->path_offset != names || entry->path_bytes > names_bytes - names) return false;
    if (entry->reserved != 0) return false;
    const char *path = files->names + names;
    if (!is_path(path, entry->path_bytes, &folder) || !has_parent(files, i, folder)) return false;
    if (i > 0) {
      size_t before_bytes = entry[-1].path_bytes;
      if (!is_before(path - before_bytes, before_bytes, path, entry->path_bytes)) return false;
    }
    if (!has_place(entry, &next, end)) return false;
    names += entry->path_bytes;
  }
  return names == names_bytes && next == end;
}

bs_status image_open(const void *index, size_t bytes, uint64_t available,
                     struct image_files *files) {
  const struct header *header = index;
  uint64_t index_bytes;
  if ((uintptr_t)index % 8 != 0) return BS_INVALID;
  bs_status status = image_measure(index, bytes, &index_bytes);
  if (status != BS_OK) return status;
  if (index_bytes > bytes || header->image_bytes > available || header->reserved != 0)
    return BS_CORRUPT;
  if (header->image_bytes < aligned(index_bytes)) return BS_CORRUPT;
  bs_blake3 hash;
  uint8_t expected[IMAGE_HASH_BYTES];
  bs_blake3_init(&hash);
  bs_blake3_update(&hash, index, offsetof(struct header, hash));
  bs_blake3_update(&hash, header + 1, index_bytes - IMAGE_HEADER_BYTES);
  bs_blake3_finish(&hash, expected, sizeof expected);
  if (!same_bytes(header->hash, expected, sizeof expected)) return BS_CORRUPT;
  files->entries = (const struct image_entry *)(header + 1);
  files->count = header->entries;
  files->names = (const char *)(files->entries + files->count);
  bool right = are_entries(files, header->names_bytes, aligned(index_bytes), header->image_bytes);
  return right ? BS_OK : BS_CORRUPT;
}
