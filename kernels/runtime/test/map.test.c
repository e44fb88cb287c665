// Maps against a plain array of flags: random edits of several versions that share cells, and keys
// whose hashes collide in all bits.
#include <basalt/map.h>
#include <basalt/text.h>
#include <basalt/tuple.h>

#include "value-heap.h"

enum { VERSIONS = 5, KEYS = 1200 };

typedef struct {
  bs_value map;
  int64_t values[KEYS];
  bool present[KEYS];
  size_t count;
} version;

static bs_value keys[KEYS];

// Pairs of keys with one SipHash-1-3 of 32 bits each, found by trying.
static const char *const colliding[][2] = {
    {"c153024", "c278865"},
    {"c58781", "c175109"},
    {"c153146", "c169911"},
    {"c14418", "c148648"},
};

static bool make_keys(bs_heap *heap) {
  size_t pairs = sizeof colliding / sizeof colliding[0];
  for (size_t i = 0; i < KEYS; i++) {
    char text[24];
    int length = snprintf(text, sizeof text, "key %zu", i * i);
    const char *key = i < 2 * pairs ? colliding[i / 2][i % 2] : text;
    size_t bytes = i < 2 * pairs ? strlen(key) : (size_t)length;
    tap_need(bs_text_new(heap, key, bytes, &keys[i]) == BS_OK);
  }
  for (size_t i = 0; i < pairs; i++) {
    bool collide = bs_text_hash(keys[2 * i], value_heap_seed) ==
                   bs_text_hash(keys[2 * i + 1], value_heap_seed);
    tap_need(collide == (value_heap_seed == 0));
    tap_need(bs_text_compare(keys[2 * i], keys[2 * i + 1]) != 0);
  }
  return true;
}

static size_t key_index(bs_value key) {
  for (size_t i = 0; i < KEYS; i++) {
    if (keys[i] == key) return i;
  }
  return KEYS;
}

static bool agrees(const version *v) {
  static bool seen[KEYS];
  memset(seen, 0, sizeof seen);
  tap_need(bs_map_count(v->map) == v->count);
  for (size_t i = 0; i < KEYS; i++) {
    bs_value expected = v->present[i] ? bs_from_small(v->values[i]) : BS_NONE;
    tap_need(bs_map_get(v->map, keys[i]) == expected);
    tap_need(bs_map_get_bytes(v->map, bs_text_bytes(keys[i]), bs_text_length(keys[i])) == expected);
  }
  bs_map_walk walk;
  bs_value key;
  bs_value value;
  size_t walked = 0;
  bs_map_walk_start(&walk, v->map);
  for (; bs_map_walk_next(&walk, &key, &value); walked++) {
    size_t at = key_index(key);
    tap_need(at < KEYS && v->present[at] && !seen[at]);
    tap_need(value == bs_from_small(v->values[at]));
    seen[at] = true;
  }
  tap_need(walked == v->count);
  tap_need(!bs_map_walk_next(&walk, &key, &value));
  return true;
}

static bool sorted(bs_heap *heap, const version *v) {
  bs_value entries;
  tap_need(bs_map_sorted(heap, v->map, &entries) == BS_OK);
  tap_need(bs_tuple_count(entries) == 2 * v->count);
  const bs_value *items = bs_tuple_items(entries);
  for (size_t i = 0; i < v->count; i++) {
    tap_need(items[2 * i + 1] == bs_map_get(v->map, items[2 * i]));
    tap_need(i == 0 || bs_text_compare_keys(items[2 * i - 2], items[2 * i]) < 0);
  }
  bs_release(heap, entries);
  return true;
}

static bool edit(bs_heap *heap, version *v, uint64_t *seed) {
  // Half of the edits are among the first keys, where the collisions are.
  uint64_t choice = tap_random(seed);
  size_t at = choice % 2 == 0 ? choice / 2 % 12 : choice / 2 % KEYS;
  if (choice >> 40 & 1) {
    int64_t value = (int64_t)(choice >> 44);
    tap_need(bs_map_set(heap, &v->map, keys[at], bs_from_small(value)) == BS_OK);
    v->count += !v->present[at];
    v->present[at] = true;
    v->values[at] = value;
  } else {
    tap_need(bs_map_remove(heap, &v->map, keys[at]) == (v->present[at] ? BS_OK : BS_NOENT));
    v->count -= v->present[at];
    v->present[at] = false;
  }
  return true;
}

static bool release_keys(bs_heap *heap) {
  for (size_t i = 0; i < KEYS; i++)
    bs_release(heap, keys[i]);
  return true;
}

static bool follows_model(uint64_t seed) {
  static version versions[VERSIONS];
  bs_heap *heap = value_heap(16 << 20, 0);
  tap_need(make_keys(heap));
  memset(versions, 0, sizeof versions);
  for (int i = 0; i < VERSIONS; i++)
    tap_need(bs_map_new(heap, &versions[i].map) == BS_OK);
  for (int step = 0; step < 6000; step++) {
    version *chosen = &versions[tap_random(&seed) % VERSIONS];
    if (tap_random(&seed) % 60 == 0) {
      version *copy = &versions[tap_random(&seed) % VERSIONS];
      bs_value old = copy->map;
      *copy = *chosen;
      bs_retain(copy->map);
      bs_release(heap, old);
    }
    tap_need(edit(heap, chosen, &seed));
    if (step % 500 == 0) {
      for (int i = 0; i < VERSIONS; i++)
        tap_need(agrees(&versions[i]));
      tap_need(heap_is_whole(heap));
    }
  }
  for (int i = 0; i < VERSIONS; i++) {
    tap_need(agrees(&versions[i]));
    tap_need(sorted(heap, &versions[i]));
  }
  // Down to nothing, one version in the way of the others.
  for (size_t at = 0; at < KEYS; at++) {
    if (!versions[0].present[at]) continue;
    tap_need(bs_map_remove(heap, &versions[0].map, keys[at]) == BS_OK);
    versions[0].present[at] = false;
    versions[0].count--;
  }
  for (int i = 0; i < VERSIONS; i++) {
    tap_need(agrees(&versions[i]));
    bs_release(heap, versions[i].map);
  }
  tap_need(release_keys(heap));
  return heap_ends_empty(heap);
}

// The walk shows the shape of the trie: it is that of the entries, not of the way to them. Keys
// that collide are left out, as their order is that of their arrival.
static bool has_one_shape(void) {
  bs_heap *heap = value_heap(16 << 20, 0);
  bs_value grown;
  bs_value shrunk;
  tap_need(make_keys(heap));
  tap_need(bs_map_new(heap, &grown) == BS_OK && bs_map_new(heap, &shrunk) == BS_OK);
  for (size_t i = 100; i < 400; i++) {
    tap_need(bs_map_set(heap, &grown, keys[i], BS_TRUE) == BS_OK);
  }
  for (size_t i = KEYS; i > 100; i--) {
    tap_need(bs_map_set(heap, &shrunk, keys[i - 1], BS_TRUE) == BS_OK);
  }
  for (size_t i = 400; i < KEYS; i++)
    tap_need(bs_map_remove(heap, &shrunk, keys[i]) == BS_OK);
  bs_map_walk one;
  bs_map_walk other;
  bs_value key;
  bs_value other_key;
  bs_value value;
  bs_map_walk_start(&one, grown);
  bs_map_walk_start(&other, shrunk);
  while (bs_map_walk_next(&one, &key, &value)) {
    tap_need(bs_map_walk_next(&other, &other_key, &value) && key == other_key);
    tap_need(one.depth == other.depth);
    tap_need(one.entries_end - one.entry == other.entries_end - other.entry);
  }
  tap_need(!bs_map_walk_next(&other, &other_key, &value));
  bs_release(heap, grown);
  bs_release(heap, shrunk);
  tap_need(release_keys(heap));
  return heap_ends_empty(heap);
}

/** Keys of a map in the order of a walk, each as 32 bits of its bytes. */
static size_t walk_order(bs_value map, uint32_t *order) {
  bs_map_walk walk;
  bs_value key;
  bs_value value;
  size_t count = 0;
  for (bs_map_walk_start(&walk, map); bs_map_walk_next(&walk, &key, &value); count++)
    order[count] = bs_text_hash_bytes(bs_text_bytes(key), bs_text_length(key), 0);
  return count;
}

// Who does not know the seed cannot tell where a key goes.
static bool seeds_make_other_shapes(void) {
  static uint32_t orders[2][KEYS];
  for (uint64_t seed = 0; seed < 2; seed++) {
    value_heap_seed = seed;
    bs_heap *heap = value_heap(16 << 20, 0);
    bs_value map;
    tap_need(make_keys(heap) && bs_map_new(heap, &map) == BS_OK);
    for (size_t i = 0; i < KEYS; i++)
      tap_need(bs_map_set(heap, &map, keys[i], BS_TRUE) == BS_OK);
    tap_need(walk_order(map, orders[seed]) == KEYS);
    bs_release(heap, map);
    tap_need(release_keys(heap) && heap_ends_empty(heap));
  }
  value_heap_seed = 0;
  return memcmp(orders[0], orders[1], sizeof orders[0]) != 0;
}

static bool refuses(void) {
  bs_heap *heap = value_heap(1 << 20, 0);
  bs_value map;
  bs_value key;
  tap_need(bs_map_new(heap, &map) == BS_OK && bs_text_new(heap, "k", 1, &key) == BS_OK);
  tap_need(bs_map_set(heap, &map, bs_from_small(1), BS_NULL) == BS_INVALID);
  tap_need(bs_map_set(heap, &map, BS_NULL, BS_NULL) == BS_INVALID);
  tap_need(bs_map_set(heap, &map, map, BS_NULL) == BS_INVALID);
  tap_need(bs_map_set(heap, &map, key, BS_NONE) == BS_INVALID);
  tap_need(bs_map_remove(heap, &map, key) == BS_NOENT);
  tap_need(bs_map_remove(heap, &map, BS_TRUE) == BS_NOENT);
  tap_need(bs_map_get(map, bs_from_small(7)) == BS_NONE && bs_map_count(map) == 0);
  bs_release(heap, key);
  bs_release(heap, map);
  return heap_ends_empty(heap);
}

int main(void) {
  for (uint64_t seed = 1; seed <= 4; seed++) {
    tap_ok(follows_model(seed), "versions that share cells behave as arrays of flags");
  }
  value_heap_seed = 0x0123456789abcdef;
  tap_ok(follows_model(5), "so they do where hashes have a seed");
  tap_ok(seeds_make_other_shapes(), "a seed gives maps another shape");
  tap_ok(has_one_shape(), "equal maps have one shape");
  tap_ok(refuses(), "keys that are no text are refused");
  return tap_done();
}
