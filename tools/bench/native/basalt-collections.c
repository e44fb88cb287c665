// The maps and vectors of the runtime as a contender of kernel-collections.
#define _POSIX_C_SOURCE 200809L
#include <basalt/kinds.h>
#include <basalt/map.h>
#include <basalt/text.h>
#include <basalt/vector.h>

#include "batches.h"

static bs_heap *heap;
static bs_value keys[BATCH_ITEMS];
static bs_value full_map;
static bs_value full_vector;

static void ok(bs_status status) {
  batch_need(status == BS_OK, "status");
}

static uint64_t map_build(void) {
  bs_value map;
  ok(bs_map_new(heap, &map));
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    ok(bs_map_set(heap, &map, keys[batch_order[i]], bs_from_small(i)));
  uint64_t time = batch_now() - start;
  batch_need(bs_map_count(map) == BATCH_ITEMS, "map-build");
  bs_release(heap, map);
  bs_heap_collect(heap);
  return time;
}

static uint64_t map_get(void) {
  uint64_t sum = 0;
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    sum += (uint64_t)bs_to_small(bs_map_get(full_map, keys[batch_order[i]]));
  uint64_t time = batch_now() - start;
  batch_need(sum == (uint64_t)BATCH_ITEMS * (BATCH_ITEMS - 1) / 2, "map-get");
  return time;
}

/** Replaces values of a map that is held by nobody else. */
static uint64_t map_set(void) {
  bs_value map = bs_retain(full_map);
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    ok(bs_map_set(heap, &map, keys[i], BS_NULL));
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    ok(bs_map_set(heap, &map, keys[batch_order[i]], bs_from_small(i)));
  uint64_t time = batch_now() - start;
  batch_need(bs_map_get(map, keys[batch_order[7]]) == bs_from_small(7), "map-set");
  bs_release(heap, map);
  bs_heap_collect(heap);
  return time;
}

/** Makes a new version each time, the one before kept until the next. */
static uint64_t map_set_kept(void) {
  bs_value map = bs_retain(full_map);
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++) {
    bs_value before = bs_retain(map);
    ok(bs_map_set(heap, &map, keys[batch_order[i]], bs_from_small(1)));
    bs_release(heap, before);
  }
  uint64_t time = batch_now() - start;
  batch_need(bs_map_get(map, keys[3]) == bs_from_small(1), "map-set-kept");
  bs_release(heap, map);
  bs_heap_collect(heap);
  return time;
}

static uint64_t map_remove(void) {
  bs_value map = bs_retain(full_map);
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    ok(bs_map_remove(heap, &map, keys[batch_order[i]]));
  uint64_t time = batch_now() - start;
  batch_need(bs_map_count(map) == 0, "map-remove");
  bs_release(heap, map);
  bs_heap_collect(heap);
  return time;
}

static uint64_t map_walk(void) {
  uint64_t sum = 0;
  bs_map_walk walk;
  bs_value key;
  bs_value value;
  uint64_t start = batch_now();
  bs_map_walk_start(&walk, full_map);
  while (bs_map_walk_next(&walk, &key, &value))
    sum += (uint64_t)bs_to_small(value);
  uint64_t time = batch_now() - start;
  batch_need(sum == (uint64_t)BATCH_ITEMS * (BATCH_ITEMS - 1) / 2, "map-walk");
  return time;
}

static uint64_t vector_push(void) {
  bs_value vector;
  ok(bs_vector_new(heap, &vector));
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    ok(bs_vector_push(heap, &vector, bs_from_small(i)));
  uint64_t time = batch_now() - start;
  batch_need(bs_vector_count(vector) == BATCH_ITEMS, "vector-push");
  bs_release(heap, vector);
  bs_heap_collect(heap);
  return time;
}

static uint64_t vector_get(void) {
  uint64_t sum = 0;
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    sum += (uint64_t)bs_to_small(bs_vector_get(full_vector, batch_order[i]));
  uint64_t time = batch_now() - start;
  batch_need(sum == (uint64_t)BATCH_ITEMS * (BATCH_ITEMS - 1) / 2, "vector-get");
  return time;
}

static uint64_t vector_set_kept(void) {
  bs_value vector = bs_retain(full_vector);
  uint64_t start = batch_now();
  for (uint32_t i = 0; i < BATCH_ITEMS; i++) {
    bs_value before = bs_retain(vector);
    ok(bs_vector_set(heap, &vector, batch_order[i], bs_from_small(1)));
    bs_release(heap, before);
  }
  uint64_t time = batch_now() - start;
  batch_need(bs_vector_get(vector, 3) == bs_from_small(1), "vector-set-kept");
  bs_release(heap, vector);
  bs_heap_collect(heap);
  return time;
}

static uint64_t vector_walk(void) {
  uint64_t sum = 0;
  size_t count;
  uint64_t start = batch_now();
  for (size_t at = 0; at < BATCH_ITEMS; at += count) {
    const bs_value *items = bs_vector_run(full_vector, at, &count);
    for (size_t i = 0; i < count; i++)
      sum += (uint64_t)bs_to_small(items[i]);
  }
  uint64_t time = batch_now() - start;
  batch_need(sum == (uint64_t)BATCH_ITEMS * (BATCH_ITEMS - 1) / 2, "vector-walk");
  return time;
}

int main(void) {
  static const batch batches[] = {
      {"map-build", map_build},
      {"map-get", map_get},
      {"map-set", map_set},
      {"map-set-kept", map_set_kept},
      {"map-remove", map_remove},
      {"map-walk", map_walk},
      {"vector-push", vector_push},
      {"vector-get", vector_get},
      {"vector-set-kept", vector_set_kept},
      {"vector-walk", vector_walk},
  };
  size_t bytes = (size_t)256 << 20;
  bs_heap_options options = {.kinds = bs_value_kinds, .kind_count = BS_KIND_COUNT};
  batch_start();
  ok(bs_heap_init(aligned_alloc(4096, bytes), bytes, &options, &heap));
  ok(bs_map_new(heap, &full_map));
  ok(bs_vector_new(heap, &full_vector));
  for (uint32_t i = 0; i < BATCH_ITEMS; i++) {
    ok(bs_text_new(heap, batch_keys[i], strlen(batch_keys[i]), &keys[i]));
    ok(bs_vector_push(heap, &full_vector, bs_from_small(i)));
  }
  for (uint32_t i = 0; i < BATCH_ITEMS; i++)
    ok(bs_map_set(heap, &full_map, keys[i], bs_from_small(i)));
  return batch_serve(batches, sizeof batches / sizeof *batches);
}
