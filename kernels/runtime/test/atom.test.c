// Atoms: updates, identity, watchers, cycles, full heaps, and threads that share a heap.
#include <pthread.h>
#include <sched.h>

#include "atom-heap.h"

static bs_value number(int64_t n) {
  return bs_from_small(n);
}

static bs_value text_of(bs_heap *heap, const char *bytes) {
  bs_value text;
  if (bs_text_new(heap, bytes, strlen(bytes), &text) != BS_OK) abort();
  return text;
}

static bool swaps(void) {
  bs_heap *heap = atom_heap(256 << 10, 0);
  bs_value atom;
  bs_value old;
  bs_value first = text_of(heap, "first");
  tap_need(bs_atom_new(heap, first, &atom) == BS_OK);
  tap_need(bs_atom_owner(atom) == BS_NONE);
  tap_need(bs_atom_swap(heap, atom, BS_NONE, number(2), &old) == BS_OK && old == first);
  bs_release(heap, old);
  tap_need(bs_cell_of(first)->refs == 1 && peek(heap, atom) == number(2));
  tap_need(bs_atom_swap(heap, atom, BS_NONE, first, NULL) == BS_OK);
  bs_value loaded = bs_atom_load(atom);
  tap_need(bs_atom_swap(heap, atom, BS_NONE, BS_NULL, NULL) == BS_OK);
  bs_release(heap, first);
  tap_need(memcmp(bs_text_bytes(loaded), "first", 5) == 0);
  bs_release(heap, loaded);
  bs_release(heap, atom);
  return heap_ends_empty(heap);
}

static bool compares_by_identity(void) {
  bs_heap *heap = atom_heap(256 << 10, 0);
  bs_value atom;
  bool set;
  bs_value one = text_of(heap, "equal");
  bs_value other = text_of(heap, "equal");
  tap_need(bs_atom_new(heap, number(7), &atom) == BS_OK);
  tap_need(bs_atom_compare_and_set(heap, atom, BS_NONE, number(8), one, &set) == BS_OK && !set);
  tap_need(peek(heap, atom) == number(7) && bs_cell_of(one)->refs == 1);
  tap_need(bs_atom_compare_and_set(heap, atom, BS_NONE, number(7), one, &set) == BS_OK && set);
  tap_need(bs_atom_compare_and_set(heap, atom, BS_NONE, other, BS_NULL, &set) == BS_OK && !set);
  tap_need(bs_atom_compare_and_set(heap, atom, BS_NONE, one, BS_NULL, &set) == BS_OK && set);
  tap_need(bs_cell_of(one)->refs == 1 && peek(heap, atom) == BS_NULL);
  bs_value owned[] = {one, other, atom};
  for (size_t i = 0; i < 3; i++)
    bs_release(heap, owned[i]);
  return heap_ends_empty(heap);
}

typedef struct {
  int64_t told[32];
  size_t count;
  bs_status inside[4];
} journal;

/** Notes which watcher saw which change, as one number. */
static void note(journal *to, int64_t watcher, bs_value old, bs_value value) {
  to->told[to->count++] = watcher * 10000 + bs_to_small(old) * 100 + bs_to_small(value);
}

static void watch_first(void *context, bs_heap *heap, bs_value atom, bs_value old, bs_value value) {
  journal *to = context;
  bool set;
  note(to, 1, old, value);
  to->inside[0] = bs_atom_swap(heap, atom, BS_NONE, number(99), NULL);
  to->inside[1] = bs_atom_compare_and_set(heap, atom, BS_NONE, value, number(99), &set);
  to->inside[2] = bs_atom_watch(heap, atom, watch_first, NULL);
  to->inside[3] = bs_atom_unwatch(atom, watch_first, to);
}

static void watch_second(void *context, bs_heap *heap, bs_value atom, bs_value old,
                         bs_value value) {
  (void)heap;
  (void)atom;
  note(context, 2, old, value);
}

static bool tells_watchers(void) {
  bs_heap *heap = atom_heap(256 << 10, 0);
  bs_value atom;
  bool set;
  journal seen = {.count = 0};
  tap_need(bs_atom_new(heap, number(1), &atom) == BS_OK);
  tap_need(bs_atom_unwatch(atom, watch_first, &seen) == BS_NOENT);
  tap_need(bs_atom_watch(heap, atom, watch_first, &seen) == BS_OK);
  tap_need(bs_atom_watch(heap, atom, watch_second, &seen) == BS_OK);
  tap_need(bs_atom_swap(heap, atom, BS_NONE, number(2), NULL) == BS_OK);
  for (size_t i = 0; i < 4; i++)
    tap_need(seen.inside[i] == BS_BUSY);
  // No change, so nothing to tell.
  tap_need(bs_atom_swap(heap, atom, BS_NONE, number(2), NULL) == BS_OK);
  tap_need(bs_atom_compare_and_set(heap, atom, BS_NONE, number(9), number(3), &set) == BS_OK);
  tap_need(bs_atom_unwatch(atom, watch_first, NULL) == BS_NOENT);
  tap_need(bs_atom_unwatch(atom, watch_first, &seen) == BS_OK);
  tap_need(bs_atom_compare_and_set(heap, atom, BS_NONE, number(2), number(3), &set) == BS_OK);
  const int64_t expected[] = {10102, 20102, 20203};
  tap_need(seen.count == 3 && memcmp(seen.told, expected, sizeof expected) == 0);
  for (int i = 1; i < BS_ATOM_WATCHERS; i++)
    tap_need(bs_atom_watch(heap, atom, watch_second, NULL) == BS_OK);
  tap_need(bs_atom_watch(heap, atom, watch_second, NULL) == BS_RANGE);
  bs_release(heap, atom);
  return heap_ends_empty(heap);
}

static void let_go(void *context, bs_heap *heap, bs_value atom, bs_value old, bs_value value) {
  (void)old;
  (void)value;
  bs_value *held = context;
  if (*held == atom) bs_release(heap, *held);
  *held = BS_NONE;
}

static bool outlives_its_watcher(void) {
  bs_heap *heap = atom_heap(256 << 10, 0);
  bs_value atom;
  tap_need(bs_atom_new(heap, BS_NULL, &atom) == BS_OK);
  bs_value held = atom;
  tap_need(bs_atom_watch(heap, atom, let_go, &held) == BS_OK);
  tap_need(bs_atom_swap(heap, atom, BS_NONE, BS_TRUE, NULL) == BS_OK && held == BS_NONE);
  return heap_ends_empty(heap);
}

static bool collects_cycles(void) {
  bs_heap *heap = atom_heap(256 << 10, 0);
  for (int i = 0; i < 5000; i++) {
    bs_value atom;
    bs_value tuple;
    tap_need(bs_atom_new(heap, BS_NULL, &atom) == BS_OK);
    tap_need(bs_tuple_new(heap, &atom, 1, &tuple) == BS_OK);
    tap_need(bs_atom_swap(heap, atom, BS_NONE, tuple, NULL) == BS_OK);
    bs_release(heap, tuple);
    bs_release(heap, atom);
  }
  tap_need(atom_heap_stats(heap).rounds > 0);
  return heap_ends_empty(heap);
}

/** Random updates of several atoms, against an array of their values. */
static bool is_like_an_array(uint64_t seed) {
  enum { ATOMS = 12, TURNS = 4000 };
  bs_heap *heap = atom_heap(256 << 10, 0);
  bs_value atoms[ATOMS];
  int64_t values[ATOMS] = {0};
  for (size_t i = 0; i < ATOMS; i++)
    tap_need(bs_atom_new(heap, number(0), &atoms[i]) == BS_OK);
  for (int turn = 0; turn < TURNS; turn++) {
    size_t at = tap_random(&seed) % ATOMS;
    int64_t guess = (int64_t)(tap_random(&seed) % 4);
    int64_t next = (int64_t)(tap_random(&seed) % 4);
    if (tap_random(&seed) % 2 == 0) {
      bs_value old;
      tap_need(bs_atom_swap(heap, atoms[at], BS_NONE, number(next), &old) == BS_OK);
      tap_need(old == number(values[at]));
      values[at] = next;
    } else {
      bool set;
      tap_need(bs_atom_compare_and_set(heap, atoms[at], BS_NONE, number(guess), number(next),
                                       &set) == BS_OK);
      tap_need(set == (values[at] == guess));
      if (set) values[at] = next;
    }
    for (size_t i = 0; i < ATOMS; i++)
      tap_need(peek(heap, atoms[i]) == number(values[i]));
  }
  for (size_t i = 0; i < ATOMS; i++)
    bs_release(heap, atoms[i]);
  return heap_ends_empty(heap);
}

static bs_status use_atoms(bs_heap *heap) {
  bs_value value;
  bs_value atom;
  bs_status status = bs_text_new(heap, "held", 4, &value);
  if (status != BS_OK) return status;
  status = bs_atom_new(heap, value, &atom);
  bs_release(heap, value);
  if (status != BS_OK) return status;
  status = bs_atom_watch(heap, atom, watch_second, NULL);
  if (status == BS_OK) status = bs_atom_unwatch(atom, watch_second, NULL);
  // After a failure the atom is as it was.
  bs_value held = peek(heap, atom);
  if (held != value) status = BS_CORRUPT;
  bs_release(heap, atom);
  return status;
}

enum { THREADS = 4, INCREMENTS = 3000 };

typedef struct {
  pthread_mutex_t lock;
  bs_heap *heap;
  bs_value atom;
  uint64_t refused;
} shared_heap;

/** Adds to the count in a tuple: loads under the lock, lets go of it, and sets what it made only
 * where no other thread was faster. */
static void *increment(void *context) {
  shared_heap *shared = context;
  uint64_t refused = 0;
  for (int done = 0; done < INCREMENTS;) {
    pthread_mutex_lock(&shared->lock);
    bs_value old = bs_atom_load(shared->atom);
    pthread_mutex_unlock(&shared->lock);
    // A value never changes, so it is read without the lock.
    sched_yield();
    bs_value next = number(bs_to_small(bs_tuple_items(old)[0]) + 1);
    pthread_mutex_lock(&shared->lock);
    bs_value tuple;
    bool set = false;
    if (bs_tuple_new(shared->heap, &next, 1, &tuple) != BS_OK) abort();
    if (bs_atom_compare_and_set(shared->heap, shared->atom, BS_NONE, old, tuple, &set) != BS_OK)
      abort();
    bs_release(shared->heap, tuple);
    bs_release(shared->heap, old);
    pthread_mutex_unlock(&shared->lock);
    done += set;
    refused += !set;
  }
  pthread_mutex_lock(&shared->lock);
  shared->refused += refused;
  pthread_mutex_unlock(&shared->lock);
  return NULL;
}

static bool no_update_of_a_thread_is_lost(void) {
  shared_heap shared = {.lock = PTHREAD_MUTEX_INITIALIZER, .heap = atom_heap(256 << 10, 0)};
  bs_value zero = number(0);
  bs_value tuple;
  pthread_t threads[THREADS];
  tap_need(bs_tuple_new(shared.heap, &zero, 1, &tuple) == BS_OK);
  tap_need(bs_atom_new(shared.heap, tuple, &shared.atom) == BS_OK);
  bs_release(shared.heap, tuple);
  for (size_t i = 0; i < THREADS; i++)
    tap_need(pthread_create(&threads[i], NULL, increment, &shared) == 0);
  for (size_t i = 0; i < THREADS; i++)
    tap_need(pthread_join(threads[i], NULL) == 0);
  printf("# %llu updates came too late\n", (unsigned long long)shared.refused);
  bs_value last = bs_atom_load(shared.atom);
  tap_need(bs_tuple_items(last)[0] == number(THREADS * INCREMENTS));
  bs_release(shared.heap, last);
  bs_release(shared.heap, shared.atom);
  return heap_ends_empty(shared.heap);
}

int main(void) {
  tap_ok(swaps(), "swap gives back what was there");
  tap_ok(compares_by_identity(), "compare-and-set compares by identity");
  tap_ok(tells_watchers(), "watchers are told of changes, in order, and cannot interfere");
  tap_ok(outlives_its_watcher(), "a watcher may let go of the atom");
  tap_ok(collects_cycles(), "cycles through atoms are collected");
  for (uint64_t seed = 1; seed <= 4; seed++)
    tap_ok(is_like_an_array(seed), "atoms behave as an array of values does");
  tap_ok(survives_out_of_memory(use_atoms), "each allocation may fail");
  tap_ok(no_update_of_a_thread_is_lost(), "no update of a thread is lost under the host's lock");
  return tap_done();
}
