// Shared atoms under threads, with ThreadSanitizer: recorded histories are linearizable, values are
// never torn, no update is lost, and nothing is left behind.
#include <basalt/map.h>
#include <basalt/number.h>
#include <basalt/text.h>
#include <basalt/tuple.h>
#include <basalt/vector.h>
#include <pthread.h>
#include <sched.h>

#include "history.h"
#include "shared-heap.h"

enum { THREADS = 3, CALLS = 4, ROUNDS = 400, BYTES = 1 << 20 };

static void yield(void *context) {
  (void)context;
  sched_yield();
}

typedef struct world {
  bs_region *region;
  bs_value atom;
  uint64_t clock;
  uint32_t waiting;
  uint32_t round;
  bool held;
  history recorded;
} world;

typedef struct worker {
  world *world;
  bs_heap *heap;
  int number;
  uint64_t seed;
  bool right;
} worker;

static uint64_t tick(world *w) {
  return __atomic_fetch_add(&w->clock, 1, __ATOMIC_SEQ_CST);
}

/** A value that is no word and says which it is. */
static bs_value value_of(bs_heap *heap, int number) {
  bs_value items[] = {bs_from_small(number), bs_from_small(-number)};
  bs_value made;
  if (bs_tuple_new(heap, items, 2, &made) != BS_OK) abort();
  return made;
}

/** Which value it is; releases it. */
static uint8_t number_of(bs_heap *heap, bs_value value) {
  const bs_value *items = bs_tuple_items(value);
  int64_t number = bs_to_small(items[0]);
  if (bs_to_small(items[1]) != -number) abort();
  bs_release(heap, value);
  return (uint8_t)number;
}

/** Makes one call and writes down what it saw. A compare-and-set expects what `loaded` is. */
static void make_call(worker *self, call *c, uint8_t number, bs_value *loaded) {
  bs_heap *heap = self->heap;
  bs_value atom = self->world->atom;
  bs_value value = value_of(heap, number);
  bs_value got = BS_NONE;
  *c = (call){.kind = (call_kind)(tap_random(&self->seed) % 3), .value = number};
  if (*loaded == BS_NONE) c->kind = CALL_LOAD;
  if (c->kind == CALL_COMPARE_AND_SET) c->expected = number_of(heap, bs_retain(*loaded));
  c->began = tick(self->world);
  if (c->kind == CALL_LOAD)
    got = bs_shared_atom_load(heap, atom);
  else if (c->kind == CALL_SWAP)
    self->right &= bs_shared_atom_swap(heap, atom, value, &got) == BS_OK;
  else
    self->right &= bs_shared_atom_compare_and_set(heap, atom, *loaded, value, &c->set) == BS_OK;
  c->ended = tick(self->world);
  if (got != BS_NONE) {
    c->got = number_of(heap, bs_retain(got));
    bs_release(heap, *loaded);
    *loaded = got;
  }
  bs_release(heap, value);
}

/** Waits until all threads are here. */
static void meet(world *w) {
  uint32_t round = __atomic_load_n(&w->round, __ATOMIC_SEQ_CST);
  if (__atomic_add_fetch(&w->waiting, 1, __ATOMIC_SEQ_CST) == THREADS) {
    __atomic_store_n(&w->waiting, 0, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&w->round, 1, __ATOMIC_SEQ_CST);
    return;
  }
  while (__atomic_load_n(&w->round, __ATOMIC_SEQ_CST) == round)
    sched_yield();
}

/** Rounds of a few calls of each thread at the same time; the first thread judges each history. */
static void *record(void *argument) {
  worker *self = argument;
  world *w = self->world;
  for (int round = 0; round < ROUNDS; round++) {
    bs_value loaded = BS_NONE;
    meet(w);
    for (int i = 0; i < CALLS; i++) {
      int at = self->number * CALLS + i;
      make_call(self, &w->recorded.calls[at], (uint8_t)(at + 1), &loaded);
    }
    bs_release(self->heap, loaded);
    meet(w);
    if (self->number != 0) continue;
    w->recorded.count = THREADS * CALLS;
    self->right &= history_is_linearizable(&w->recorded, 0);
    bs_value first = value_of(self->heap, 0);
    self->right &= bs_shared_atom_swap(self->heap, w->atom, first, NULL) == BS_OK;
    bs_release(self->heap, first);
  }
  return NULL;
}

/** A map whose parts all say the same number. */
static bs_value map_of(bs_heap *heap, int64_t number) {
  bs_value map;
  if (bs_map_new(heap, &map) != BS_OK) abort();
  for (int i = 0; i < 20; i++) {
    char text[2] = {'k', (char)('a' + i)};
    bs_value key;
    bs_value item;
    if (bs_text_new(heap, text, 2, &key) != BS_OK) abort();
    if (bs_float_new(heap, (double)number, &item) != BS_OK) abort();
    if (bs_map_set(heap, &map, key, item) != BS_OK) abort();
    bs_release(heap, key);
    bs_release(heap, item);
  }
  return map;
}

static bool is_one(bs_value map) {
  bs_map_walk walk;
  bs_value key;
  bs_value item;
  double first = bs_float_get(bs_map_get_bytes(map, "ka", 2));
  bs_map_walk_start(&walk, map);
  while (bs_map_walk_next(&walk, &key, &item)) {
    if (bs_float_get(item) != first || bs_map_get(map, key) != item) return false;
  }
  return bs_map_count(map) == 20;
}

static void *publish(void *argument) {
  worker *self = argument;
  bs_value kept = BS_NONE;
  for (int64_t i = 0; i < 300; i++) {
    bs_value map = map_of(self->heap, i * THREADS + self->number);
    self->right &= bs_shared_atom_swap(self->heap, self->world->atom, map, NULL) == BS_OK;
    bs_release(self->heap, map);
    for (int j = 0; j < 4; j++) {
      bs_value loaded = bs_shared_atom_load(self->heap, self->world->atom);
      self->right &= is_one(loaded);
      // Parts outlive the whole.
      bs_release(self->heap, kept);
      kept = bs_retain(bs_map_get_bytes(loaded, "kc", 2));
      bs_release(self->heap, loaded);
    }
  }
  bs_release(self->heap, kept);
  return NULL;
}

enum { ADDED = 500 };

static void *add(void *argument) {
  worker *self = argument;
  for (int i = 0; i < ADDED; i++) {
    bool set = false;
    while (!set) {
      bs_value old = bs_shared_atom_load(self->heap, self->world->atom);
      bs_value next = value_of(self->heap, (int)bs_to_small(bs_tuple_items(old)[0]) + 1);
      self->right &=
          bs_shared_atom_compare_and_set(self->heap, self->world->atom, old, next, &set) == BS_OK;
      bs_release(self->heap, old);
      bs_release(self->heap, next);
    }
  }
  return NULL;
}

/** Runs threads on an atom of a value that `first` makes, and demands that all goes at the end. */
static bool run(void *(*work)(void *), bs_value (*first)(bs_heap *heap, int number),
                int64_t expected) {
  static world w;
  worker workers[THREADS];
  pthread_t threads[THREADS];
  bool right = true;
  memset(&w, 0, sizeof w);
  w.region = test_region(4 << 20, 0, yield);
  for (int i = 0; i < THREADS; i++)
    workers[i] = (worker){&w, test_heap_in(w.region, BYTES, 0), i, (uint64_t)i + 1, true};
  bs_heap *heap = workers[0].heap;
  bs_value value = first(heap, 0);
  tap_need(bs_shared_atom_new(heap, value, &w.atom) == BS_OK);
  bs_release(heap, value);
  for (int i = 0; i < THREADS; i++)
    pthread_create(&threads[i], NULL, work, &workers[i]);
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    right = right && workers[i].right;
  }
  value = bs_shared_atom_load(heap, w.atom);
  if (expected >= 0) right = right && bs_tuple_items(value)[0] == bs_from_small(expected);
  bs_release(heap, value);
  bs_release(heap, w.atom);
  for (int i = 0; i < THREADS; i++)
    right = heap_ends_empty(workers[i].heap) && right;
  return region_ends_empty(w.region) && right;
}

static bs_value first_map(bs_heap *heap, int number) {
  return map_of(heap, number);
}

/** The judge tells histories that cannot be. */
static bool judges(void) {
  static history h;
  h.count = 2;
  h.calls[0] = (call){.kind = CALL_SWAP, .began = 0, .ended = 1, .value = 1, .got = 0};
  h.calls[1] = (call){.kind = CALL_LOAD, .began = 2, .ended = 3, .got = 0};
  tap_need(!history_is_linearizable(&h, 0));
  h.calls[1].began = 0;
  tap_need(history_is_linearizable(&h, 0));
  h.calls[1] = (call){
      .kind = CALL_COMPARE_AND_SET, .began = 0, .ended = 3, .value = 2, .expected = 0, .set = true};
  tap_need(!history_is_linearizable(&h, 0));
  h.calls[0].got = 2;
  return history_is_linearizable(&h, 0);
}

int main(void) {
  tap_ok(judges(), "the judge knows what cannot be");
  tap_ok(run(record, value_of, 0), "histories of three threads are linearizable");
  tap_ok(run(publish, first_map, -1), "values are whole, whoever replaces them");
  tap_ok(run(add, value_of, (int64_t)THREADS * ADDED), "no update is lost");
  return tap_done();
}
