// Requests to a disk: a header that the device reads, the data, a byte of status that it writes.
#include "virtio/block.h"

#define FEATURE_READ_ONLY (UINT64_C(1) << 5)
#define FEATURE_FLUSH (UINT64_C(1) << 9)

enum { TYPE_READ = 0, TYPE_WRITE = 1, TYPE_FLUSH = 4 };
enum { ANSWER_OK = 0, ANSWER_UNSUPPORTED = 2, ANSWER_NONE = 0xff };
enum { SETTING_CAPACITY = 0 };

bs_status block_start(struct block_device *block, struct virtio_device *device,
                      void *queue_memory) {
  *block = (struct block_device){.device = device};
  if (device->kind != VIRTIO_BLOCK) return BS_INVALID;
  bs_status status = virtio_negotiate(device, FEATURE_READ_ONLY | FEATURE_FLUSH);
  if (status == BS_OK) status = virtio_wide_setting(device, SETTING_CAPACITY, &block->sectors);
  if (status == BS_OK) status = virtio_queue_start(&block->queue, device, 0, queue_memory);
  if (status != BS_OK) return status;
  block->read_only = (device->features & FEATURE_READ_ONLY) != 0;
  block->can_flush = (device->features & FEATURE_FLUSH) != 0;
  virtio_ready(device);
  return BS_OK;
}

static bs_status check_request(const struct block_device *block,
                               const struct block_request *request) {
  if (request->operation == BLOCK_FLUSH) {
    if (!block->can_flush) return BS_UNSUPPORTED;
    return request->bytes == 0 ? BS_OK : BS_INVALID;
  }
  uint64_t sectors = request->bytes / BLOCK_SECTOR_BYTES;
  if (request->bytes == 0 || request->bytes % BLOCK_SECTOR_BYTES != 0) return BS_INVALID;
  if (request->sector > block->sectors || sectors > block->sectors - request->sector)
    return BS_RANGE;
  return request->operation == BLOCK_WRITE && block->read_only ? BS_PERMISSION : BS_OK;
}

bs_status block_submit(struct block_device *block, struct block_request *request) {
  bs_status status = check_request(block, request);
  if (status != BS_OK) return status;
  bool flush = request->operation == BLOCK_FLUSH;
  bool write = request->operation == BLOCK_WRITE;
  request->header.type = flush ? TYPE_FLUSH : write ? TYPE_WRITE : TYPE_READ;
  request->header.reserved = 0;
  request->header.sector = flush ? 0 : request->sector;
  request->answer = ANSWER_NONE;
  struct virtio_buffer buffers[3];
  size_t count = 0;
  buffers[count++] = (struct virtio_buffer){&request->header, sizeof request->header, false};
  if (!flush) buffers[count++] = (struct virtio_buffer){request->data, request->bytes, !write};
  buffers[count++] = (struct virtio_buffer){&request->answer, sizeof request->answer, true};
  status = virtio_queue_give(&block->queue, buffers, count, request);
  if (status != BS_OK) return status;
  request->status = BS_BUSY;
  virtio_queue_notify(&block->queue);
  return BS_OK;
}

/** What an answer means; a device that says it is done must have given one, and all data of a read.
 */
static bs_status status_of(const struct block_request *request, uint32_t written) {
  uint8_t answer = *(const volatile uint8_t *)&request->answer;
  uint32_t expected = 1 + (request->operation == BLOCK_READ ? request->bytes : 0);
  if (answer == ANSWER_UNSUPPORTED) return BS_UNSUPPORTED;
  return answer == ANSWER_OK && written == expected ? BS_OK : BS_IO;
}

bs_status block_poll(struct block_device *block) {
  for (;;) {
    void *owner;
    uint32_t written;
    bs_status status = virtio_queue_take(&block->queue, &owner, &written);
    if (status != BS_OK) return status == BS_WOULD_BLOCK ? BS_OK : status;
    struct block_request *request = owner;
    request->status = status_of(request, written);
    if (request->done != NULL) request->done(request);
  }
}
