// Reads an image of files from the disk into memory.
#include "image.h"

#include "kernel/devices.h"
#include "kernel/entry.h"
#include "kernel/frames.h"
#include "kernel/log.h"

/** What one request to the disk reads at most. */
enum { REQUEST_BYTES = 128 << 10 };

/** A disk that does not answer for so long is broken. */
#define PATIENCE_NS (UINT64_C(30) * 1000000000)

static struct image_files files;
static uint8_t *image;

const struct image_files *image_of_disk(void) {
  return &files;
}

bs_status image_find_path(const char *path, uint32_t *entry) {
  size_t bytes = 0;
  while (path[bytes] != 0)
    bytes++;
  return image_find(&files, path, bytes, entry);
}

const uint8_t *image_contents(const struct image_entry *entry) {
  return image + entry->offset;
}

/** Reads whole sectors. `request` is in memory that the disk reaches. */
static bs_status read_disk(struct block_request *request, uint64_t sector, void *to,
                           uint32_t bytes) {
  *request = (struct block_request){.operation = BLOCK_READ, .sector = sector, .data = to};
  request->bytes = bytes;
  bs_status status = block_submit(device_block(), request);
  uint64_t end = arch_clock() + PATIENCE_NS;
  while (status == BS_OK && request->status == BS_BUSY) {
    status = block_poll(device_block());
    if (arch_clock() > end) status = BS_TIMEOUT;
  }
  return status == BS_OK ? request->status : status;
}

/** How large the image is whose first sector was read; 0 where it is none that can be taken. */
static uint64_t image_bytes(const uint8_t *sector) {
  uint64_t index_bytes, bytes;
  if (image_measure(sector, BLOCK_SECTOR_BYTES, &index_bytes) != BS_OK) return 0;
  __builtin_memcpy(&bytes, sector + 16, sizeof(bytes));
  bool whole = bytes % BLOCK_SECTOR_BYTES == 0 && bytes >= index_bytes;
  bool fits = bytes / BLOCK_SECTOR_BYTES <= device_block()->sectors &&
              bytes / PAGE_BYTES < frames_free() / 2;
  return whole && fits ? bytes : 0;
}

static bs_status read_image(struct block_request *request, uint64_t bytes) {
  bs_status status = BS_OK;
  for (uint64_t at = 0; at < bytes && status == BS_OK; at += REQUEST_BYTES) {
    uint64_t left = bytes - at;
    uint32_t part = left < REQUEST_BYTES ? (uint32_t)left : REQUEST_BYTES;
    status = read_disk(request, at / BLOCK_SECTOR_BYTES, image + at, part);
  }
  return status;
}

/** Whether the index and every file are what their hashes say. */
static bs_status check_image(uint64_t bytes) {
  bs_status status = image_open(image, bytes, bytes, &files);
  for (uint32_t i = 0; i < files.count && status == BS_OK; i++) {
    const struct image_entry *entry = &files.entries[i];
    bool is_file = entry->kind == IMAGE_FILE;
    if (is_file && !image_has_contents(entry, image_contents(entry), entry->bytes))
      status = BS_CORRUPT;
  }
  return status;
}

static bs_status take_image(struct block_request *request, uint8_t *sector) {
  bs_status status = read_disk(request, 0, sector, BLOCK_SECTOR_BYTES);
  uint64_t bytes = status == BS_OK ? image_bytes(sector) : 0;
  if (bytes == 0) return status == BS_OK ? BS_NOENT : status;
  paddr frames;
  size_t pages = (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
  if (!frames_take_run(pages, &frames)) return BS_NOMEM;
  image = arch_direct(frames);
  status = read_image(request, bytes);
  // A disk that did not answer may still write there.
  if (status != BS_OK) return status;
  status = check_image(bytes);
  if (status == BS_OK) return BS_OK;
  files = (struct image_files){.count = 0};
  frames_give_run(frames, pages);
  return status;
}

void image_load(void) {
  paddr frame;
  if (device_block() == NULL || !frames_take(&frame)) return;
  uint8_t *memory = arch_direct(frame);
  bs_status status = take_image((struct block_request *)memory, memory + BLOCK_SECTOR_BYTES);
  if (status == BS_OK || status == BS_NOENT || status == BS_CORRUPT) frames_give(frame);
  if (status == BS_OK)
    log_stage("image", "%u files and folders, as their hashes say", files.count);
  else
    log_stage("image", status == BS_NOENT ? "none on the disk" : "not usable: status %u",
              (unsigned)status);
}
