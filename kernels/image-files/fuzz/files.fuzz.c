// Fuzzes the reader of images: edits of a whole one, three bytes each, with a right hash. Whatever
// is opened can be searched and listed.
#include "../test/image-edit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct image_files files;
  uint8_t *image = copy_image();
  for (size_t i = 0; i + 2 < size; i += 3)
    image[(data[i] << 8 | data[i + 1]) % EDIT_BYTES] = data[i + 2];
  if (hash_again(image, EDIT_BYTES) && image_open(image, EDIT_BYTES, EDIT_BYTES, &files) == BS_OK) {
    for (uint32_t i = 0; i < files.count; i++) {
      uint32_t found;
      uint32_t cursor = 0;
      size_t bytes;
      const struct image_entry *entry = &files.entries[i];
      const char *path = image_path(&files, i, &bytes);
      if (image_find(&files, path, bytes, &found) != BS_OK || found != i) abort();
      if (entry->offset + entry->bytes > EDIT_BYTES) abort();
      image_has_contents(entry, image + entry->offset, entry->bytes);
      bool listed = false;
      while (image_next(&files, entry->parent, &cursor))
        listed |= cursor - 1 == i;
      if (!listed) abort();
    }
  }
  free(image);
  return 0;
}
