// Images of files that are only read: what a workload brings along, on a disk or in memory.
//
// There is exactly one image of a set of files. Numbers are little-endian.
//
//   header    64 bytes: "BSIMAGE1", count of entries (4), bytes of names (4), bytes of the image
//   (8), zero
//             (8), BLAKE3-256 of the 32 bytes before, the entries and the names
//   entries   64 bytes each, in the order of their paths' bytes; a folder is before what is in it
//   names     the paths, one behind the other without separators
//   contents  of each file that is not empty, in the order of entries, each from a multiple of 512
//   on;
//             zeros between them and up to the end of the image, which is such a multiple too
//
// A path is UTF-8 without control characters, parts are separated by one slash, and none is empty,
// `.` or
// `..`. The index is all that comes before the contents; it is read and checked once.
#pragma once

#include <basalt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  IMAGE_HEADER_BYTES = 64,
  IMAGE_ENTRY_BYTES = 64,
  IMAGE_ALIGNMENT = 512,
  IMAGE_ENTRIES_MAX = 4096,
  IMAGE_PATH_BYTES = 255,
  IMAGE_HASH_BYTES = 32,
};

/** The folder around all paths, which has no entry. */
#define IMAGE_ROOT UINT32_MAX

enum image_kind { IMAGE_FILE = 1, IMAGE_FOLDER = 2 };

/** An entry, as it is in the image. */
struct image_entry {
  /** Where the contents begin in the image, and how long they are; zeros without contents. */
  uint64_t offset;
  uint64_t bytes;
  uint32_t path_offset;
  uint16_t path_bytes;
  uint8_t kind;
  /** 1 for a file that can be executed. */
  uint8_t executable;
  /** The entry of the folder around it, or IMAGE_ROOT. */
  uint32_t parent;
  uint32_t reserved;
  /** BLAKE3-256 of a file's contents; zeros for a folder. */
  uint8_t hash[IMAGE_HASH_BYTES];
};

/** An image whose index was checked. It borrows the index. */
struct image_files {
  const struct image_entry *entries;
  uint32_t count;
  const char *names;
};

/** How long the index is of the image that begins with these bytes, IMAGE_HEADER_BYTES at least.
 * BS_CORRUPT where it is no image, BS_RANGE where it has more entries than IMAGE_ENTRIES_MAX. */
bs_status image_measure(const void *start, size_t bytes, uint64_t *index_bytes);

/** Checks an index, which is aligned to 8, of an image of which there are `available` bytes.
 * BS_CORRUPT for what breaks a rule of the format, also where the image is cut off. Linear in the
 * index. */
bs_status image_open(const void *index, size_t bytes, uint64_t available,
                     struct image_files *files);

/** Finds an entry by its path; a slash before it is left out, and without parts it is IMAGE_ROOT.
 * BS_NOENT where there is none. O(log count). */
bs_status image_find(const struct image_files *files, const char *path, size_t bytes,
                     uint32_t *entry);

/** The next entry in a folder, in order: `*cursor` begins with 0 and is behind the entry
 * afterwards. False after the last. */
bool image_next(const struct image_files *files, uint32_t folder, uint32_t *cursor);

/** The path of an entry, without a zero at its end. */
const char *image_path(const struct image_files *files, uint32_t entry, size_t *bytes);

/** Whether these are the contents of a file. */
bool image_has_contents(const struct image_entry *entry, const void *contents, size_t bytes);
