// Vectors against plain arrays: random edits of several versions that share cells.
#include <basalt/vector.h>

#include "value-heap.h"

enum { VERSIONS = 6, MOST = 3000 };

typedef struct {
  bs_value vector;
  int64_t items[MOST];
  size_t count;
} version;

static bool agrees(const version *v) {
  tap_need(bs_vector_count(v->vector) == v->count);
  for (size_t i = 0; i < v->count; i++) {
    tap_need(bs_vector_get(v->vector, i) == bs_from_small(v->items[i]));
  }
  size_t run;
  for (size_t i = 0; i < v->count; i += run) {
    const bs_value *items = bs_vector_run(v->vector, i, &run);
    tap_need(run > 0 && i + run <= v->count);
    for (size_t j = 0; j < run; j++)
      tap_need(items[j] == bs_from_small(v->items[i + j]));
  }
  tap_need(bs_vector_get(v->vector, v->count) == BS_NONE);
  tap_need(bs_vector_run(v->vector, v->count, &run) == NULL && run == 0);
  return true;
}

static bool edit(bs_heap *heap, version *v, uint64_t *seed) {
  uint64_t choice = tap_random(seed);
  int64_t item = (int64_t)(choice >> 20);
  size_t burst = choice % 7 == 0 ? choice / 8 % 100 : 1;
  for (size_t i = 0; i < burst; i++) {
    if (choice % 5 < 2 && v->count < MOST) {
      tap_need(bs_vector_push(heap, &v->vector, bs_from_small(item)) == BS_OK);
      v->items[v->count++] = item;
    } else if (choice % 5 == 2 && v->count > 0) {
      tap_need(bs_vector_pop(heap, &v->vector) == BS_OK);
      v->count--;
    } else if (v->count > 0) {
      size_t at = tap_random(seed) % v->count;
      tap_need(bs_vector_set(heap, &v->vector, at, bs_from_small(item)) == BS_OK);
      v->items[at] = item;
    }
  }
  return true;
}

static bool follows_model(uint64_t seed) {
  static version versions[VERSIONS];
  bs_heap *heap = value_heap(16 << 20, 0);
  for (int i = 0; i < VERSIONS; i++) {
    tap_need(bs_vector_new(heap, &versions[i].vector) == BS_OK);
    versions[i].count = 0;
  }
  for (int step = 0; step < 3000; step++) {
    version *chosen = &versions[tap_random(&seed) % VERSIONS];
    if (tap_random(&seed) % 40 == 0) {
      version *copy = &versions[tap_random(&seed) % VERSIONS];
      bs_value old = copy->vector;
      *copy = *chosen;
      bs_retain(copy->vector);
      bs_release(heap, old);
    }
    tap_need(edit(heap, chosen, &seed));
    if (step % 100 == 0) {
      for (int i = 0; i < VERSIONS; i++)
        tap_need(agrees(&versions[i]));
      tap_need(heap_is_whole(heap));
    }
  }
  for (int i = 0; i < VERSIONS; i++) {
    tap_need(agrees(&versions[i]));
    bs_release(heap, versions[i].vector);
  }
  return heap_ends_empty(heap);
}

// Up to three levels of the trie and down again, where roots grow and shrink.
static bool grows_and_shrinks(void) {
  enum { COUNT = 40000 };
  bs_heap *heap = value_heap(16 << 20, 0);
  bs_value vector;
  tap_need(bs_vector_new(heap, &vector) == BS_OK);
  for (int64_t i = 0; i < COUNT; i++) {
    tap_need(bs_vector_push(heap, &vector, bs_from_small(i)) == BS_OK);
  }
  for (size_t i = 0; i < COUNT; i++) {
    tap_need(bs_vector_get(vector, i) == bs_from_small((int64_t)i));
  }
  bs_value whole = bs_retain(vector);
  for (size_t left = COUNT; left > 0; left--) {
    tap_need(bs_vector_get(vector, left - 1) == bs_from_small((int64_t)left - 1));
    tap_need(bs_vector_pop(heap, &vector) == BS_OK);
    if (left % 1021 == 0) tap_need(heap_is_whole(heap));
  }
  tap_need(bs_vector_count(whole) == COUNT);
  tap_need(bs_vector_get(whole, COUNT - 1) == bs_from_small(COUNT - 1));
  bs_release(heap, whole);
  bs_release(heap, vector);
  return heap_ends_empty(heap);
}

static bool refuses(void) {
  bs_heap *heap = value_heap(1 << 20, 0);
  bs_value vector;
  tap_need(bs_vector_new(heap, &vector) == BS_OK);
  tap_need(bs_vector_pop(heap, &vector) == BS_RANGE);
  tap_need(bs_vector_set(heap, &vector, 0, BS_NULL) == BS_RANGE);
  tap_need(bs_vector_push(heap, &vector, BS_TRUE) == BS_OK);
  tap_need(bs_vector_set(heap, &vector, 1, BS_NULL) == BS_RANGE);
  tap_need(bs_vector_set(heap, &vector, SIZE_MAX, BS_NULL) == BS_RANGE);
  tap_need(bs_vector_get(vector, SIZE_MAX) == BS_NONE);
  tap_need(bs_vector_count(vector) == 1 && bs_vector_get(vector, 0) == BS_TRUE);
  bs_release(heap, vector);
  return heap_ends_empty(heap);
}

// An arena that is full refuses the next item, and what was there stays.
static bool survives_full_arena(void) {
  bs_heap *heap = value_heap(256 << 10, 0);
  bs_value vector;
  int64_t count = 0;
  bs_status status;
  tap_need(bs_vector_new(heap, &vector) == BS_OK);
  while ((status = bs_vector_push(heap, &vector, bs_from_small(count))) == BS_OK)
    count++;
  tap_need(status == BS_NOMEM && count > 1000);
  tap_need(bs_vector_count(vector) == (size_t)count);
  for (int64_t i = 0; i < count; i++) {
    tap_need(bs_vector_get(vector, (size_t)i) == bs_from_small(i));
  }
  for (int i = 0; i < 100; i++)
    tap_need(bs_vector_pop(heap, &vector) == BS_OK);
  tap_need(bs_vector_push(heap, &vector, BS_NULL) == BS_OK);
  bs_release(heap, vector);
  return heap_ends_empty(heap);
}

int main(void) {
  for (uint64_t seed = 1; seed <= 5; seed++) {
    tap_ok(follows_model(seed), "versions that share cells behave as arrays");
  }
  tap_ok(grows_and_shrinks(), "forty thousand items, one by one, there and back");
  tap_ok(refuses(), "indexes beyond the end are refused");
  tap_ok(survives_full_arena(), "a full arena refuses an item and keeps the rest");
  return tap_done();
}
