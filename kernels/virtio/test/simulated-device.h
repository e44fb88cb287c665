// A virtio device as the specification describes it, for the tests: registers, queues, and the
// answers of four kinds of device. It checks what the driver gives it, and can be told to break the
// rules.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <virtio/block.h>
#include <virtio/console.h>
#include <virtio/entropy.h>
#include <virtio/network.h>

/** The rules that it breaks. */
enum sim_fault {
  SIM_KEEPS_RULES,
  /** Answers a number that is no entry of the queue. */
  SIM_ANSWERS_BEYOND,
  /** Answers an entry that nobody asked. */
  SIM_ANSWERS_UNASKED,
  /** Answers each request twice. */
  SIM_ANSWERS_TWICE,
  /** Says that it wrote more than there was room for. */
  SIM_WRITES_TOO_MUCH,
  /** Says that it wrote nothing. */
  SIM_WRITES_NOTHING,
  /** Does not take the features. */
  SIM_REFUSES_FEATURES,
  /** Its reset never ends. */
  SIM_RESETS_FOREVER,
  /** Its configuration never stays the same. */
  SIM_CHANGES_FOREVER,
  /** Overwrites the descriptors that it was given. */
  SIM_SCRIBBLES,
};

enum { SIM_QUEUES = 2, SIM_SECTORS = 16, SIM_TEXT = 4096 };

struct sim_queue {
  uint32_t entries, ready, given;
  uint64_t descriptors, available, used;
};

struct sim {
  uint32_t kind, version, most_entries, queues;
  uint64_t offered, accepted;
  enum sim_fault fault;
  /** Requests stay where they are until this is false. */
  bool holds;
  uint32_t status, offered_half, accepted_half, queue, interrupt, generation;
  struct sim_queue queue_of[SIM_QUEUES];
  uint8_t settings[16];
  uint8_t disk[SIM_SECTORS * BLOCK_SECTOR_BYTES];
  uint8_t text[SIM_TEXT];
  size_t text_bytes, input_bytes;
  uint8_t next_random;
};

/** A part of a request, as the device sees it. */
struct sim_part {
  uint8_t *data;
  uint32_t bytes;
  bool writes;
};

static void sim_need(bool holds, const char *what) {
  if (holds) return;
  printf("# the driver breaks a rule: %s\n", what);
  abort();
}

static void *sim_memory(uint64_t address) {
  return (void *)(uintptr_t)address;
}

/** Takes a request apart; how many parts. */
static uint32_t sim_parts(const struct sim_queue *queue, uint16_t head, struct sim_part *parts) {
  struct descriptor_of_sim {
    uint64_t address;
    uint32_t bytes;
    uint16_t flags, next;
  } *table = sim_memory(queue->descriptors);
  uint32_t count = 0;
  for (uint16_t at = head;; at = table[at].next) {
    sim_need(at < queue->entries, "a descriptor is beyond the queue");
    sim_need(count < VIRTIO_CHAIN_MAX, "a chain is too long");
    sim_need(count == 0 || !parts[count - 1].writes || (table[at].flags & 2) != 0,
             "what is read comes behind what is written");
    parts[count++] = (struct sim_part){sim_memory(table[at].address), table[at].bytes,
                                       (table[at].flags & 2) != 0};
    if ((table[at].flags & 1) == 0) return count;
  }
}

static uint32_t sim_disk(struct sim *sim, struct sim_part *parts, uint32_t count) {
  uint32_t type;
  uint64_t sector;
  sim_need(count >= 2 && parts[0].bytes == 16 && !parts[0].writes, "a header of 16 bytes");
  sim_need(parts[count - 1].bytes == 1 && parts[count - 1].writes, "a byte for the answer");
  memcpy(&type, parts[0].data, 4);
  memcpy(&sector, parts[0].data + 8, 8);
  uint8_t *answer = parts[count - 1].data;
  *answer = 0;
  if (type == 4) return 1;
  sim_need(count == 3 && sector * 512 + parts[1].bytes <= sizeof sim->disk, "a sector of the disk");
  uint8_t *place = sim->disk + sector * 512;
  // The last sector cannot be read or written.
  if (sector * 512 + parts[1].bytes == sizeof sim->disk) *answer = 1;
  if (type == 0) memcpy(parts[1].data, place, parts[1].bytes);
  if (type == 1) memcpy(place, parts[1].data, parts[1].bytes);
  return type == 0 ? parts[1].bytes + 1 : 1;
}

/** Console and network: what goes out is kept and comes in again. */
static uint32_t sim_loop(struct sim *sim, uint32_t queue, struct sim_part *part) {
  if (queue == 1) {
    sim_need(!part->writes && sim->text_bytes + part->bytes <= SIM_TEXT, "room");
    memcpy(sim->text + sim->text_bytes, part->data, part->bytes);
    sim->text_bytes += part->bytes;
    return 0;
  }
  sim_need(part->writes, "a buffer to write");
  uint32_t bytes = (uint32_t)sim->input_bytes;
  if (bytes > part->bytes) bytes = part->bytes;
  memcpy(part->data, sim->text, bytes);
  sim->input_bytes = 0;
  return bytes;
}

static uint32_t sim_random(struct sim *sim, const struct sim_part *part) {
  for (uint32_t i = 0; i < part->bytes; i++)
    part->data[i] = sim->next_random++;
  return part->bytes;
}

static void sim_answer(struct sim *sim, struct sim_queue *queue, uint32_t head, uint32_t written) {
  uint16_t *used = sim_memory(queue->used);
  uint32_t *ring = (uint32_t *)(used + 2);
  if (sim->fault == SIM_ANSWERS_BEYOND) head = queue->entries;
  if (sim->fault == SIM_ANSWERS_UNASKED) head = (head + 7) % queue->entries;
  if (sim->fault == SIM_WRITES_TOO_MUCH) written = 1 << 20;
  if (sim->fault == SIM_WRITES_NOTHING) written = 0;
  for (int i = 0; i < (sim->fault == SIM_ANSWERS_TWICE ? 2 : 1); i++) {
    ring[used[1] % queue->entries * 2] = head;
    ring[used[1] % queue->entries * 2 + 1] = written;
    used[1]++;
  }
  if (sim->fault == SIM_SCRIBBLES)
    memset(sim_memory(queue->descriptors), 0xff, 16 * queue->entries);
  sim->interrupt |= 1;
}

/** Does what is given in a queue. Input waits until there is some. */
static void sim_work(struct sim *sim, uint32_t index) {
  struct sim_queue *queue = &sim->queue_of[index];
  const uint16_t *available = sim_memory(queue->available);
  bool is_input = index == 0 && (sim->kind == VIRTIO_CONSOLE || sim->kind == VIRTIO_NETWORK);
  while (!sim->holds && (uint16_t)queue->given != available[1]) {
    if (is_input && sim->input_bytes == 0) return;
    uint16_t head = available[2 + queue->given++ % queue->entries];
    struct sim_part parts[VIRTIO_CHAIN_MAX];
    uint32_t count = sim_parts(queue, head, parts);
    uint32_t written = sim->kind == VIRTIO_BLOCK     ? sim_disk(sim, parts, count)
                       : sim->kind == VIRTIO_ENTROPY ? sim_random(sim, &parts[0])
                                                     : sim_loop(sim, index, &parts[0]);
    sim_answer(sim, queue, head, written);
  }
}

/** What went out comes in; `bytes` of it. */
static inline void sim_return(struct sim *sim, size_t bytes) {
  sim->input_bytes = bytes;
  sim->text_bytes = 0;
  sim_work(sim, 0);
}

static uint32_t sim_read(void *registers, uint32_t offset, uint32_t bytes) {
  struct sim *sim = registers;
  if (offset >= 0x100) {
    uint32_t value = 0;
    sim_need(offset - 0x100 + bytes <= sizeof sim->settings, "a setting of the device");
    memcpy(&value, &sim->settings[offset - 0x100], bytes);
    return value;
  }
  sim_need(bytes == 4, "registers have four bytes");
  switch (offset) {
  case 0x000:
    return 0x74726976;
  case 0x004:
    return sim->version;
  case 0x008:
    return sim->kind;
  case 0x010:
    return (uint32_t)(sim->offered_half == 1 ? sim->offered >> 32 : sim->offered);
  case 0x034:
    return sim->queue < sim->queues ? sim->most_entries : 0;
  case 0x060:
    return sim->interrupt;
  case 0x070:
    return sim->fault == SIM_RESETS_FOREVER ? 1 : sim->status;
  case 0x0fc:
    return sim->fault == SIM_CHANGES_FOREVER ? sim->generation++ : sim->generation;
  default:
    sim_need(false, "a register that is read");
    return 0;
  }
}

static void set_part(uint64_t *whole, bool upper, uint32_t value) {
  *whole = upper ? (*whole & UINT32_MAX) | (uint64_t)value << 32
                 : (*whole & ~(uint64_t)UINT32_MAX) | value;
}

static void sim_write_queue(struct sim_queue *queue, uint32_t offset, uint32_t value) {
  sim_need(queue->ready == 0, "a queue is set up before it is ready");
  if (offset == 0x038) queue->entries = value;
  if (offset == 0x038) sim_need((value & (value - 1)) == 0, "a power of two");
  if (offset == 0x044) queue->ready = value;
  if (offset >> 3 == 0x080 >> 3) set_part(&queue->descriptors, offset == 0x084, value);
  if (offset >> 3 == 0x090 >> 3) set_part(&queue->available, offset == 0x094, value);
  if (offset >> 3 == 0x0a0 >> 3) set_part(&queue->used, offset == 0x0a4, value);
}

static void sim_write(void *registers, uint32_t offset, uint32_t value) {
  struct sim *sim = registers;
  if (offset == 0x014) sim->offered_half = value;
  if (offset == 0x024) sim->accepted_half = value;
  if (offset == 0x020) set_part(&sim->accepted, sim->accepted_half == 1, value);
  if (offset == 0x030) sim->queue = value;
  if (offset == 0x064) sim->interrupt &= ~value;
  if (offset == 0x070) {
    bool refused = sim->fault == SIM_REFUSES_FEATURES || (sim->accepted & ~sim->offered) != 0;
    sim->status = refused ? value & ~8u : value;
  }
  bool of_queue = offset == 0x038 || offset == 0x044 || (offset >= 0x080 && offset <= 0x0a4);
  if (of_queue && sim->queue < SIM_QUEUES)
    sim_write_queue(&sim->queue_of[sim->queue], offset, value);
  if (offset == 0x050) {
    sim_need((sim->status & 4) != 0 && value < sim->queues, "a queue of a device that is ready");
    sim_work(sim, value);
  }
}

static uint64_t sim_physical(const void *memory) {
  return (uintptr_t)memory;
}

static const struct virtio_bus sim_bus = {sim_read, sim_write, sim_physical};

/** A device that keeps the rules. Its disk holds the numbers of its sectors. */
static inline struct sim *sim_device(uint32_t kind) {
  static struct sim sim;
  sim = (struct sim){.kind = kind, .version = 2, .most_entries = 1024};
  sim.queues = kind == VIRTIO_CONSOLE || kind == VIRTIO_NETWORK ? 2 : 1;
  sim.offered = UINT64_C(1) << 32 | (kind == VIRTIO_NETWORK ? 1 << 5 : 0) |
                (kind == VIRTIO_BLOCK ? 1 << 9 : 0);
  uint64_t sectors = SIM_SECTORS;
  if (kind == VIRTIO_BLOCK) memcpy(sim.settings, &sectors, sizeof sectors);
  if (kind == VIRTIO_NETWORK) memcpy(sim.settings, "\x52\x54\0\x12\x34\x56", 6);
  for (size_t i = 0; i < sizeof sim.disk; i++)
    sim.disk[i] = (uint8_t)(i / BLOCK_SECTOR_BYTES);
  return &sim;
}
