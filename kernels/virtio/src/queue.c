// The rings of a queue. Of what lies in shared memory, only the index and the entries of the used
// ring are read, and those are checked; numbers are little-endian, as both architectures are.
#include "virtio/queue.h"

#include "registers.h"

/** A descriptor (section 2.7.5). */
struct descriptor {
  uint64_t address;
  uint32_t bytes;
  uint16_t flags;
  uint16_t next;
};

enum { FLAG_NEXT = 1, FLAG_DEVICE_WRITES = 2 };

/** Where the parts of a queue are, each behind the largest that can be before it. */
enum {
  AVAILABLE_INDEX = 16 * VIRTIO_QUEUE_ENTRIES + 2,
  AVAILABLE_RING = AVAILABLE_INDEX + 2,
  AVAILABLE = AVAILABLE_INDEX - 2,
  USED = AVAILABLE + 8 + 2 * VIRTIO_QUEUE_ENTRIES,
  USED_INDEX = USED + 2,
  USED_RING = USED + 4,
};

_Static_assert(USED % 4 == 0 && USED_RING + 8 * VIRTIO_QUEUE_ENTRIES <= VIRTIO_QUEUE_BYTES,
               "a queue fits its memory");

static volatile struct descriptor *descriptor_at(const struct virtio_queue *queue, uint16_t at) {
  return (volatile struct descriptor *)queue->memory + at;
}

static uint16_t *half_at(const struct virtio_queue *queue, uint32_t offset) {
  return (uint16_t *)(queue->memory + offset);
}

static void write_wide(const struct virtio_device *device, uint32_t offset, uint64_t value) {
  virtio_write(device, offset, (uint32_t)value);
  virtio_write(device, offset + 4, (uint32_t)(value >> 32));
}

static void clear(struct virtio_queue *queue, uint16_t entries) {
  queue->entries = entries;
  queue->free_count = entries;
  for (uint16_t i = 0; i < entries; i++)
    queue->links[i] = (uint16_t)(i + 1);
  for (uint32_t i = 0; i < VIRTIO_QUEUE_BYTES / sizeof(uint64_t); i++)
    ((uint64_t *)queue->memory)[i] = 0;
}

bs_status virtio_queue_start(struct virtio_queue *queue, struct virtio_device *device,
                             uint16_t index, void *memory) {
  *queue = (struct virtio_queue){.device = device, .index = index, .memory = memory};
  virtio_write(device, REGISTER_QUEUE, index);
  uint32_t most = virtio_read(device, REGISTER_QUEUE_MOST);
  if (most == 0) return BS_NOENT;
  uint16_t entries = VIRTIO_QUEUE_ENTRIES;
  // A power of two, as section 2.7 wants it.
  while (entries > most)
    entries /= 2;
  clear(queue, entries);
  virtio_write(device, REGISTER_QUEUE_ENTRIES, entries);
  uint64_t start = device->bus->physical(memory);
  write_wide(device, REGISTER_DESCRIPTORS, start);
  write_wide(device, REGISTER_AVAILABLE, start + AVAILABLE);
  write_wide(device, REGISTER_USED, start + USED);
  virtio_write(device, REGISTER_QUEUE_READY, 1);
  return BS_OK;
}

/** Whether a chain keeps the rules; how many bytes the device may write. */
static bool is_chain(const struct virtio_buffer *buffers, size_t count, uint32_t *writable) {
  *writable = 0;
  bool writes = false;
  for (size_t i = 0; i < count; i++) {
    if (buffers[i].bytes == 0 || (writes && !buffers[i].device_writes)) return false;
    writes = buffers[i].device_writes;
    if (writes && __builtin_add_overflow(*writable, buffers[i].bytes, writable)) return false;
  }
  return count > 0 && count <= VIRTIO_CHAIN_MAX;
}

bs_status virtio_queue_give(struct virtio_queue *queue, const struct virtio_buffer *buffers,
                            size_t count, void *owner) {
  uint32_t writable;
  if (queue->device->broken) return BS_IO;
  if (owner == NULL || !is_chain(buffers, count, &writable) || count > queue->entries)
    return BS_INVALID;
  if (count > queue->free_count) return BS_WOULD_BLOCK;
  uint16_t head = queue->free_head;
  uint16_t at = head;
  for (size_t i = 0; i < count; i++) {
    volatile struct descriptor *descriptor = descriptor_at(queue, at);
    bool more = i + 1 < count;
    descriptor->address = queue->device->bus->physical(buffers[i].data);
    descriptor->bytes = buffers[i].bytes;
    descriptor->flags =
        (uint16_t)((more ? FLAG_NEXT : 0) | (buffers[i].device_writes ? FLAG_DEVICE_WRITES : 0));
    descriptor->next = more ? queue->links[at] : 0;
    at = queue->links[at];
  }
  queue->free_head = at;
  queue->free_count = (uint16_t)(queue->free_count - count);
  queue->requests[head].owner = owner;
  queue->requests[head].writable = writable;
  queue->requests[head].length = (uint16_t)count;
  *half_at(queue, AVAILABLE_RING + 2u * (queue->given % queue->entries)) = head;
  queue->given++;
  // The device sees the request before the index that counts it.
  __atomic_store_n(half_at(queue, AVAILABLE_INDEX), queue->given, __ATOMIC_RELEASE);
  return BS_OK;
}

void virtio_queue_notify(const struct virtio_queue *queue) {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  virtio_write(queue->device, REGISTER_QUEUE_NOTIFY, queue->index);
}

static void free_chain(struct virtio_queue *queue, uint16_t head) {
  uint16_t length = queue->requests[head].length;
  uint16_t last = head;
  for (uint16_t i = 1; i < length; i++)
    last = queue->links[last];
  queue->links[last] = queue->free_head;
  queue->free_head = head;
  queue->free_count = (uint16_t)(queue->free_count + length);
  queue->requests[head].owner = NULL;
}

bs_status virtio_queue_take(struct virtio_queue *queue, void **owner, uint32_t *written) {
  if (queue->device->broken) return BS_IO;
  uint16_t done = __atomic_load_n(half_at(queue, USED_INDEX), __ATOMIC_ACQUIRE);
  if (done == queue->seen) return BS_WOULD_BLOCK;
  const volatile uint32_t *entry =
      (const volatile uint32_t *)(queue->memory + USED_RING + 8u * (queue->seen % queue->entries));
  uint32_t head = entry[0];
  *written = entry[1];
  // Of what is not outstanding, the driver knows no owner.
  if (head >= queue->entries || queue->requests[head].owner == NULL ||
      *written > queue->requests[head].writable)
    return virtio_break(queue->device);
  *owner = queue->requests[head].owner;
  free_chain(queue, (uint16_t)head);
  queue->seen++;
  return BS_OK;
}
