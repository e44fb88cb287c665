// Finds entries of an image that was checked, and compares contents with what the index says of
// them.
#include <basalt/blake3.h>

#include "image/files.h"

/** Less than, equal to or greater than 0, in the order of bytes. */
static int compare(const char *left, size_t left_bytes, const char *right, size_t right_bytes) {
  for (size_t i = 0; i < left_bytes && i < right_bytes; i++)
    if (left[i] != right[i]) return (uint8_t)left[i] < (uint8_t)right[i] ? -1 : 1;
  return left_bytes < right_bytes ? -1 : left_bytes > right_bytes;
}

bs_status image_find(const struct image_files *files, const char *path, size_t bytes,
                     uint32_t *entry) {
  if (bytes > 0 && path[0] == '/') {
    path++;
    bytes--;
  }
  *entry = IMAGE_ROOT;
  if (bytes == 0) return BS_OK;
  uint32_t first = 0;
  uint32_t end = files->count;
  while (first < end) {
    uint32_t middle = first + (end - first) / 2;
    size_t name_bytes;
    const char *name = image_path(files, middle, &name_bytes);
    int order = compare(path, bytes, name, name_bytes);
    if (order == 0) {
      *entry = middle;
      return BS_OK;
    }
    if (order < 0) {
      end = middle;
    } else {
      first = middle + 1;
    }
  }
  return BS_NOENT;
}

bool image_next(const struct image_files *files, uint32_t folder, uint32_t *cursor) {
  while (*cursor < files->count) {
    if (files->entries[(*cursor)++].parent == folder) return true;
  }
  return false;
}

const char *image_path(const struct image_files *files, uint32_t entry, size_t *bytes) {
  *bytes = files->entries[entry].path_bytes;
  return files->names + files->entries[entry].path_offset;
}

bool image_has_contents(const struct image_entry *entry, const void *contents, size_t bytes) {
  if (entry->kind != IMAGE_FILE || entry->bytes != bytes) return false;
  bs_blake3 hash;
  uint8_t found[IMAGE_HASH_BYTES];
  bs_blake3_init(&hash);
  bs_blake3_update(&hash, contents, bytes);
  bs_blake3_finish(&hash, found, sizeof found);
  uint8_t differences = 0;
  for (size_t i = 0; i < sizeof found; i++)
    differences |= found[i] ^ entry->hash[i];
  return differences == 0;
}
