// The frame allocator: one bit per frame of the RAM below `arch_direct_limit`, set while the frame
// is taken. The map itself lies in the first run of RAM that holds it. A search begins where the
// last one ended, so that taking is short as long as much is free.
#include "kernel/frames.h"

#include "kernel/log.h"

static struct {
  uint64_t *taken;
  /** Frames that the map speaks of, from address 0 on. */
  size_t frames;
  size_t total;
  size_t free;
  /** Where the next search begins. */
  size_t next;
} map;

static bool is_taken(size_t frame) {
  return (map.taken[frame / 64] >> (frame % 64) & 1) != 0;
}

static void mark(size_t frame, bool taken) {
  uint64_t bit = UINT64_C(1) << (frame % 64);
  if (taken)
    map.taken[frame / 64] |= bit;
  else
    map.taken[frame / 64] &= ~bit;
}

static paddr clamp(paddr address) {
  return address < arch_direct_limit ? address : arch_direct_limit;
}

/** The whole frames within a region of RAM, or the touched ones of any other, below the limit. */
static void frames_of(const struct boot_region *region, size_t *first, size_t *end) {
  bool ram = region->kind == BOOT_RAM;
  paddr past = region->bytes < UINT64_MAX - region->start ? region->start + region->bytes
                                                          : UINT64_MAX - PAGE_BYTES;
  paddr slack = PAGE_BYTES - 1;
  *first = (clamp(region->start) + (ram ? slack : 0)) / PAGE_BYTES;
  *end = (clamp(past) + (ram ? 0 : slack)) / PAGE_BYTES;
  if (*end < *first) *end = *first;
}

/** Whether a region that is no RAM touches these frames; then the first frame behind it. */
static bool blocked(const struct boot_info *boot, size_t first, size_t end, size_t *behind) {
  for (uint32_t i = 0; i < boot->region_count; i++) {
    if (boot->regions[i].kind == BOOT_RAM || boot->regions[i].bytes == 0) continue;
    size_t from, to;
    frames_of(&boot->regions[i], &from, &to);
    if (from < end && first < to) {
      *behind = to;
      return true;
    }
  }
  return false;
}

/** The first run of RAM of so many frames that nothing else touches, never frame 0. */
static bool find_place(const struct boot_info *boot, size_t count, size_t *out) {
  for (uint32_t i = 0; i < boot->region_count; i++) {
    if (boot->regions[i].kind != BOOT_RAM) continue;
    size_t at, end;
    frames_of(&boot->regions[i], &at, &end);
    if (at == 0) at = 1;
    while (at + count <= end && blocked(boot, at, at + count, &at)) {
    }
    if (at + count <= end) {
      *out = at;
      return true;
    }
  }
  return false;
}

static void mark_regions(const struct boot_info *boot, bool ram) {
  for (uint32_t i = 0; i < boot->region_count; i++) {
    if ((boot->regions[i].kind == BOOT_RAM) != ram || boot->regions[i].bytes == 0) continue;
    size_t at, end;
    frames_of(&boot->regions[i], &at, &end);
    for (; at < end && at < map.frames; at++)
      mark(at, !ram);
  }
}

bs_status frames_start(const struct boot_info *boot) {
  size_t top = 0;
  for (uint32_t i = 0; i < boot->region_count; i++) {
    size_t first, end;
    frames_of(&boot->regions[i], &first, &end);
    if (boot->regions[i].kind == BOOT_RAM && end > top) top = end;
  }
  size_t bytes = (top + 63) / 64 * sizeof(uint64_t);
  size_t own = (bytes + PAGE_BYTES - 1) / PAGE_BYTES, place;
  if (top == 0 || !find_place(boot, own, &place)) return BS_NOMEM;
  map.taken = arch_direct((paddr)place * PAGE_BYTES);
  map.frames = top;
  for (size_t i = 0; i < bytes / sizeof(uint64_t); i++)
    map.taken[i] = UINT64_MAX;
  mark_regions(boot, true);
  mark_regions(boot, false);
  mark(0, true);
  for (size_t i = 0; i < own; i++)
    mark(place + i, true);
  // RAM may begin far above address 0: a word of taken frames is one step.
  for (size_t i = 0; i < bytes / sizeof(uint64_t); i++)
    for (uint64_t free = ~map.taken[i]; free != 0; free &= free - 1)
      map.free++;
  map.total = map.free;
  return BS_OK;
}

/** The first run of free frames in [at, end), or `end`. Whole words of taken frames are skipped. */
static size_t find_run(size_t at, size_t end, size_t count) {
  size_t length = 0;
  while (at < end) {
    if (at % 64 == 0 && map.taken[at / 64] == UINT64_MAX) {
      length = 0;
      at += 64;
      continue;
    }
    length = is_taken(at) ? 0 : length + 1;
    at++;
    if (length == count) return at - count;
  }
  return end;
}

bool frames_take_run(size_t count, paddr *out) {
  if (count == 0 || count > map.free) return false;
  size_t found = find_run(map.next, map.frames, count);
  if (found >= map.frames) found = find_run(0, map.frames, count);
  if (found >= map.frames) return false;
  for (size_t i = 0; i < count; i++)
    mark(found + i, true);
  map.free -= count;
  map.next = found + count;
  *out = (paddr)found * PAGE_BYTES;
  uint64_t *words = arch_direct(*out);
  for (size_t i = 0; i < count * PAGE_BYTES / sizeof(uint64_t); i++)
    words[i] = 0;
  return true;
}

void frames_give_run(paddr start, size_t count) {
  size_t first = start / PAGE_BYTES;
  for (size_t i = 0; i < count; i++) {
    if (start % PAGE_BYTES != 0 || first + i >= map.frames || !is_taken(first + i))
      kernel_panic(NULL, "frame 0x%llx is given back but not taken", (unsigned long long)start);
    mark(first + i, false);
  }
  map.free += count;
}

bool frames_take(paddr *out) {
  return frames_take_run(1, out);
}

void frames_give(paddr frame) {
  frames_give_run(frame, 1);
}

size_t frames_free(void) {
  return map.free;
}

size_t frames_total(void) {
  return map.total;
}
