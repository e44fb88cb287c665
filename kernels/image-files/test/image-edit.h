// Copies of the image of the vectors, with edits and the hash made right again.
#pragma once

#include <basalt/blake3.h>
#include <image/files.h>
#include <stdlib.h>
#include <string.h>

#include "image-vectors.h"

enum { EDIT_BYTES = sizeof image_of_files };

/** A copy in memory of exactly its size. */
static inline uint8_t *copy_image(void) {
  uint8_t *copy = malloc(EDIT_BYTES);
  memcpy(copy, image_of_files, EDIT_BYTES);
  return copy;
}

/** Makes the hash of the index right; false where the header says nothing that can be hashed. */
static inline bool hash_again(uint8_t *image, size_t bytes) {
  uint64_t index_bytes;
  if (image_measure(image, bytes, &index_bytes) != BS_OK || index_bytes > bytes) return false;
  bs_blake3 hash;
  bs_blake3_init(&hash);
  bs_blake3_update(&hash, image, 32);
  bs_blake3_update(&hash, image + IMAGE_HEADER_BYTES, index_bytes - IMAGE_HEADER_BYTES);
  bs_blake3_finish(&hash, image + 32, 32);
  return true;
}
