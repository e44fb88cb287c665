// The parts of the self-test about vectors, maps, atoms and memory.
#include <basalt/map.h>
#include <basalt/process.h>
#include <basalt/text.h>
#include <basalt/tuple.h>
#include <basalt/vector.h>

#include "self-test-parts.h"

enum { VERSIONS = 4, ITEMS = 1200, KEYS = 300 };

static void edit_vector(bs_selftest_run *run, bs_value *vector) {
  size_t count = bs_vector_count(*vector);
  bs_value item = bs_from_small((int64_t)bs_selftest_pick(run, 1 << 20));
  uint64_t choice = bs_selftest_pick(run, 8);
  if (choice < 5 && count < ITEMS)
    BS_DEMAND(run, bs_vector_push(run->heap, vector, item) == BS_OK);
  else if (choice < 7 && count > 0)
    BS_DEMAND(run, bs_vector_set(run->heap, vector, bs_selftest_pick(run, count), item) == BS_OK);
  else
    BS_DEMAND(run, bs_vector_pop(run->heap, vector) == (count == 0 ? BS_RANGE : BS_OK));
}

void bs_selftest_vectors(bs_selftest_run *run) {
  bs_value versions[VERSIONS];
  for (int i = 0; i < VERSIONS; i++)
    BS_DEMAND(run, bs_vector_new(run->heap, &versions[i]) == BS_OK);
  for (int turn = 0; turn < 12000; turn++) {
    bs_value *chosen = &versions[bs_selftest_pick(run, VERSIONS)];
    if (bs_selftest_pick(run, 1000) == 0) {
      bs_value old = *chosen;
      *chosen = bs_retain(versions[bs_selftest_pick(run, VERSIONS)]);
      bs_release(run->heap, old);
    }
    edit_vector(run, chosen);
    if (run->failed != NULL) return;
  }
  for (int i = 0; i < VERSIONS; i++) {
    bs_selftest_value(run, versions[i]);
    bs_release(run->heap, versions[i]);
  }
}

/** The key of a number; keys of numbers that are equal are equal. */
static bs_value new_key(bs_selftest_run *run, uint64_t number) {
  char text[20];
  size_t length = 0;
  bs_value made;
  do
    text[length++] = (char)('0' + number % 10);
  while ((number /= 10) > 0);
  return bs_text_new(run->heap, text, length, &made) == BS_OK ? made : BS_NONE;
}

static void edit_map(bs_selftest_run *run, bs_value *map) {
  uint64_t number = bs_selftest_pick(run, KEYS);
  bs_value key = new_key(run, number);
  bs_value item = bs_from_small((int64_t)bs_selftest_pick(run, 1 << 20));
  BS_DEMAND(run, key != BS_NONE);
  bool there = bs_map_get(*map, key) != BS_NONE;
  if (bs_selftest_pick(run, 3) > 0) {
    BS_DEMAND(run, bs_map_set(run->heap, map, key, item) == BS_OK);
    BS_DEMAND(run, bs_map_get(*map, key) == item);
  } else {
    BS_DEMAND(run, bs_map_remove(run->heap, map, key) == (there ? BS_OK : BS_NOENT));
    BS_DEMAND(run, bs_map_get(*map, key) == BS_NONE);
  }
  bs_release(run->heap, key);
}

/** The order of a walk is part of what comes out: it is that of the hashes. */
static void walk_map(bs_selftest_run *run, bs_value map) {
  bs_map_walk walk;
  bs_value key;
  bs_value item;
  bs_map_walk_start(&walk, map);
  while (bs_map_walk_next(&walk, &key, &item))
    bs_selftest_bytes(run, bs_text_bytes(key), bs_text_length(key));
  bs_selftest_value(run, map);
}

void bs_selftest_maps(bs_selftest_run *run) {
  bs_value versions[VERSIONS];
  for (int i = 0; i < VERSIONS; i++)
    BS_DEMAND(run, bs_map_new(run->heap, &versions[i]) == BS_OK);
  for (int turn = 0; turn < 6000; turn++) {
    bs_value *chosen = &versions[bs_selftest_pick(run, VERSIONS)];
    if (bs_selftest_pick(run, 200) == 0) {
      bs_value old = *chosen;
      *chosen = bs_retain(versions[bs_selftest_pick(run, VERSIONS)]);
      bs_release(run->heap, old);
    }
    edit_map(run, chosen);
    if (run->failed != NULL) return;
  }
  for (int i = 0; i < VERSIONS; i++) {
    walk_map(run, versions[i]);
    bs_release(run->heap, versions[i]);
  }
}

static void tell(void *context, bs_heap *heap, bs_value atom, bs_value old, bs_value value) {
  (void)heap;
  (void)atom;
  bs_selftest_value(context, old);
  bs_selftest_value(context, value);
}

void bs_selftest_atoms(bs_selftest_run *run) {
  bs_value parent;
  bs_value child;
  BS_DEMAND(run, bs_process_new(run->heap, &parent) == BS_OK);
  for (int i = 0; i < 20; i++) {
    bs_value value = bs_selftest_random_value(run, 1);
    BS_DEMAND(run, value != BS_NONE);
    BS_DEMAND(run, bs_process_add(run->heap, parent, value, NULL) == BS_OK);
    bs_release(run->heap, value);
  }
  BS_DEMAND(run, bs_atom_watch(run->heap, bs_process_atom(parent, 3), tell, run) == BS_OK);
  BS_DEMAND(run, bs_process_fork(run->heap, parent, &child) == BS_OK);
  for (int turn = 0; turn < 200; turn++) {
    bs_value by = bs_selftest_pick(run, 2) == 0 ? parent : child;
    bs_value atom =
        bs_process_atom(bs_selftest_pick(run, 4) == 0 ? parent : child, bs_selftest_pick(run, 20));
    bs_value value = bs_from_small(turn);
    bs_status status = bs_atom_swap(run->heap, atom, by, value, NULL);
    BS_DEMAND(run, status == (bs_atom_owner(atom) == by ? BS_OK : BS_PERMISSION));
    bs_selftest_number(run, status);
  }
  const bs_value processes[] = {parent, child};
  for (int p = 0; p < 2; p++) {
    for (size_t i = 0; i < 20; i++) {
      bs_value value = bs_atom_load(bs_process_atom(processes[p], i));
      bs_selftest_value(run, value);
      bs_release(run->heap, value);
    }
    BS_DEMAND(run, bs_process_end(run->heap, processes[p]) == BS_OK);
    bs_release(run->heap, processes[p]);
  }
}

void bs_selftest_cycles(bs_selftest_run *run) {
  enum { ROOTS = 30 };
  bs_value roots[ROOTS];
  bs_heap_stats stats;
  for (int i = 0; i < ROOTS; i++)
    BS_DEMAND(run, bs_atom_new(run->heap, BS_NULL, &roots[i]) == BS_OK);
  for (int turn = 0; turn < 4000; turn++) {
    bs_value pair[2] = {roots[bs_selftest_pick(run, ROOTS)], roots[bs_selftest_pick(run, ROOTS)]};
    bs_value *root = &roots[bs_selftest_pick(run, ROOTS)];
    bs_value both;
    bs_value made;
    BS_DEMAND(run, bs_tuple_new(run->heap, pair, 2, &both) == BS_OK);
    BS_DEMAND(run, bs_atom_new(run->heap, both, &made) == BS_OK);
    BS_DEMAND(run, bs_atom_swap(run->heap, pair[0], BS_NONE, both, NULL) == BS_OK);
    bs_release(run->heap, both);
    bs_release(run->heap, *root);
    *root = made;
    if (turn % 500 != 499) continue;
    bs_heap_collect(run->heap);
    bs_heap_statistics(run->heap, &stats);
    bs_selftest_number(run, stats.live_cells);
  }
  for (int i = 0; i < ROOTS; i++)
    bs_release(run->heap, roots[i]);
  bs_heap_collect(run->heap);
  bs_heap_statistics(run->heap, &stats);
  BS_DEMAND(run, stats.live_cells == 0 && stats.collected_cells > 0);
}

/** Fills the heap and empties it, twice: as much fits again. How much that is differs between
 * machines. */
void bs_selftest_memory(bs_selftest_run *run) {
  bs_heap_stats stats;
  uint64_t fitted[2] = {0, 0};
  for (int turn = 0; turn < 2; turn++) {
    bs_value list = BS_NULL;
    bs_value longer;
    for (; bs_tuple_new(run->heap, (bs_value[]){bs_from_small(7), list}, 2, &longer) == BS_OK;
         fitted[turn]++) {
      bs_release(run->heap, list);
      list = longer;
    }
    BS_DEMAND(run, bs_heap_verify(run->heap, NULL) == BS_OK);
    bs_release(run->heap, list);
    bs_heap_collect(run->heap);
    bs_heap_statistics(run->heap, &stats);
    BS_DEMAND(run, stats.live_cells == 0 && stats.live_bytes == 0);
    bs_selftest_number(run, stats.failed_allocations);
  }
  BS_DEMAND(run, fitted[0] == fitted[1] && fitted[0] > 1000);
}
