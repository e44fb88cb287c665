// Maps and vectors that are edited in place while the collector works, with either strategy: they
// follow a model, and nothing that they hold is lost.
#include <basalt/map.h>

#include "../src/heap-state.h"
#include "atom-heap.h"

enum { ATOMS = 4, KEYS = 120, EDITS = 12000 };

typedef struct world {
  bs_heap *heap;
  uint64_t seed;
  bs_value keys[KEYS];
  bs_value atoms[ATOMS];
  /** What the key has in the map of the atom; 0 for nothing. */
  int64_t values[ATOMS][KEYS];
} world;

static size_t pick(world *w, size_t bound) {
  return tap_random(&w->seed) % bound;
}

/** A value in cells, which only the map will hold. */
static bs_value boxed(world *w, int64_t number) {
  bs_value items[] = {bs_from_small(number), bs_from_small(~number)};
  bs_value made;
  if (bs_tuple_new(w->heap, items, 2, &made) != BS_OK) abort();
  return made;
}

static bool is_boxed(bs_value value, int64_t number) {
  if (number == 0) return value == BS_NONE;
  const bs_value *items = bs_tuple_items(value);
  return items[0] == bs_from_small(number) && items[1] == bs_from_small(~number);
}

/** Takes the map out of its atom, so that nobody else holds it, edits it and puts it back. */
static bool edit(world *w, int64_t number) {
  size_t atom = pick(w, ATOMS);
  size_t key = pick(w, KEYS);
  bs_value map;
  tap_need(bs_atom_swap(w->heap, w->atoms[atom], BS_NONE, BS_NULL, &map) == BS_OK);
  if (pick(w, 3) > 0) {
    bs_value value = boxed(w, number);
    tap_need(bs_map_set(w->heap, &map, w->keys[key], value) == BS_OK);
    bs_release(w->heap, value);
    w->values[atom][key] = number;
  } else {
    bs_status status = bs_map_remove(w->heap, &map, w->keys[key]);
    tap_need(status == (w->values[atom][key] == 0 ? BS_NOENT : BS_OK));
    w->values[atom][key] = 0;
  }
  tap_need(bs_atom_swap(w->heap, w->atoms[atom], BS_NONE, map, NULL) == BS_OK);
  bs_release(w->heap, map);
  return true;
}

static bool agrees(world *w) {
  for (size_t a = 0; a < ATOMS; a++) {
    bs_value map = bs_atom_load(w->atoms[a]);
    for (size_t k = 0; k < KEYS; k++)
      tap_need(is_boxed(bs_map_get(map, w->keys[k]), w->values[a][k]));
    bs_release(w->heap, map);
  }
  return heap_is_whole(w->heap);
}

static bool follows_model(bs_strategy strategy, uint64_t seed) {
  static world w;
  static bs_kind kinds[BS_KIND_ATOM_COUNT];
  memset(&w, 0, sizeof w);
  w.seed = seed;
  bs_atom_kinds(kinds);
  bs_heap_options options = {
      .kinds = kinds, .kind_count = BS_KIND_ATOM_COUNT, .strategy = strategy};
  options.step = 1 + (uint32_t)(seed % 3) * 7;
  tap_need(bs_heap_init(aligned_alloc(16, 4 << 20), 4 << 20, &options, &w.heap) == BS_OK);
  for (size_t k = 0; k < KEYS; k++) {
    char text[8];
    int length = snprintf(text, sizeof text, "k%zu", k);
    tap_need(bs_text_new(w.heap, text, (size_t)length, &w.keys[k]) == BS_OK);
  }
  for (size_t a = 0; a < ATOMS; a++) {
    bs_value map;
    tap_need(bs_map_new(w.heap, &map) == BS_OK);
    tap_need(bs_atom_new(w.heap, map, &w.atoms[a]) == BS_OK);
    bs_release(w.heap, map);
  }
  for (int64_t i = 1; i <= EDITS; i++) {
    tap_need(edit(&w, i));
    if (pick(&w, 40) == 0) bs_round_start(w.heap);
    if (pick(&w, 4) == 0) (void)bs_heap_step(w.heap, pick(&w, 30));
    if (i % 400 == 0) tap_need(agrees(&w));
  }
  for (size_t a = 0; a < ATOMS; a++)
    bs_release(w.heap, w.atoms[a]);
  for (size_t k = 0; k < KEYS; k++)
    bs_release(w.heap, w.keys[k]);
  return heap_ends_empty(w.heap);
}

int main(void) {
  for (uint64_t seed = 1; seed <= 6; seed++) {
    tap_ok(follows_model(BS_STRATEGY_COUNTING, seed), "edits while cycles are collected");
    tap_ok(follows_model(BS_STRATEGY_TRACING, seed), "edits while the heap is traced");
  }
  return tap_done();
}
