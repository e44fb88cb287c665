// Collection of cycles: garbage goes, what is reachable stays, whatever the program does in
// between.
#include "../src/heap-state.h"
#include "test-kinds.h"
#include <test/tap.h>

static _Alignas(16) unsigned char arena[4 << 20];

static bs_value object(bs_heap *heap, bs_value first, bs_value second) {
  return bs_from_cell(make_node(heap, OBJECT, first, second));
}

static node *at(bs_value value) {
  return (node *)bs_cell_of(value);
}

static void set(bs_heap *heap, bs_value holder, int slot, bs_value value) {
  bs_store(heap, bs_cell_of(holder), &at(holder)->slots[slot], value);
}

static bool a_ring_goes_with_what_hangs_on_it(void) {
  bs_heap *heap = make_heap(arena, sizeof arena, 0, 0);
  bs_value leaf = bs_from_cell(bs_alloc(heap, LEAF, 48));
  bs_value shared = bs_from_cell(bs_alloc(heap, LEAF, 48));
  bs_value a = object(heap, leaf, bs_retain(shared));
  bs_value b = object(heap, bs_from_cell(make_node(heap, PAIR, a, BS_NULL)), BS_NONE);
  set(heap, a, 2, bs_retain(b));
  set(heap, b, 2, bs_retain(b));
  bs_heap_collect(heap);
  tap_need(stats_of(heap).live_cells == 5 && bs_heap_verify(heap, NULL) == BS_OK);
  finalized = 0;
  bs_release(heap, b);
  tap_need(finalized == 0);
  bs_heap_collect(heap);
  tap_need(finalized == 4);
  // Where references are counted, the leaf goes by its count.
  tap_need(stats_of(heap).collected_cells == (strategy == BS_STRATEGY_TRACING ? 4 : 3));
  tap_need(stats_of(heap).live_cells == 1 && bs_heap_verify(heap, NULL) == BS_OK);
  bs_release(heap, shared);
  bs_heap_collect(heap);
  return stats_of(heap).live_cells == 0;
}

static bool garbage_cycles_never_fill_the_heap(void) {
  bs_heap *heap = make_heap(arena, 128 * 1024, 0, 0);
  for (int i = 0; i < 20000; i++) {
    node *made = make_node(heap, OBJECT, BS_NONE, BS_NONE);
    tap_need(made != NULL);
    bs_value value = bs_from_cell(made);
    set(heap, value, 0, bs_retain(value));
    bs_release(heap, value);
  }
  tap_need(bs_heap_verify(heap, NULL) == BS_OK);
  bs_heap_collect(heap);
  return stats_of(heap).live_cells == 0 && stats_of(heap).rounds > 1;
}

static bool a_wide_cell_is_examined_in_bounded_steps(void) {
  enum { WIDTH = 5000 };
  bs_heap *heap = make_heap(arena, sizeof arena, 0, 8);
  wide *list = bs_alloc(heap, WIDE, sizeof(wide) + WIDTH * sizeof(bs_value));
  bs_value holder = object(heap, bs_from_cell(list), BS_NONE);
  for (; list->count < WIDTH; list->count++)
    list->slots[list->count] = bs_retain(holder);
  bs_release(heap, holder);
  bs_value live = BS_NONE;
  int steps = 0;
  // Each allocation does eight slots of the rounds that they start together.
  for (; stats_of(heap).collected_cells == 0 && steps < 20000; steps++) {
    bs_release(heap, live);
    live = object(heap, BS_NONE, BS_NONE);
  }
  tap_need(steps > WIDTH / 8 && stats_of(heap).collected_cells == 2);
  bs_release(heap, live);
  return stats_of(heap).live_cells == 0 && bs_heap_verify(heap, NULL) == BS_OK;
}

enum { ROOTS = 40 };

typedef struct world {
  bs_heap *heap;
  bs_value roots[ROOTS];
  uint64_t seed;
  uint64_t made;
} world;

static uint64_t reached;

/** Visits what a value reaches; ids are never 0 in a cell that lives. */
static bool reach(bs_value value, uint64_t mark) {
  static bs_value stack[200000];
  size_t depth = 0;
  if (bs_is_cell(value)) stack[depth++] = value;
  while (depth > 0) {
    node *cell = at(stack[--depth]);
    tap_need((uint32_t)cell->id != 0 && cell->cell.refs > 0);
    if (cell->id >> 32 == mark) continue;
    cell->id = (cell->id & UINT32_MAX) | mark << 32;
    reached++;
    if (bs_kind_of(&cell->cell) == LEAF) continue;
    for (int slot = 0; slot < 4; slot++)
      if (bs_is_cell(cell->slots[slot])) stack[depth++] = cell->slots[slot];
  }
  return true;
}

static size_t pick(world *w, size_t bound) {
  return tap_random(&w->seed) % bound;
}

/** A value to keep: a copy of a root, or of what a root's slot holds. */
static bs_value some_value(world *w) {
  bs_value root = w->roots[pick(w, ROOTS)];
  if (bs_is_cell(root) && bs_kind_of(bs_cell_of(root)) != LEAF && pick(w, 2) == 0)
    return bs_retain(at(root)->slots[pick(w, 4)]);
  return bs_retain(root);
}

static void set_root(world *w, bs_value value) {
  size_t root = pick(w, ROOTS);
  bs_value old = w->roots[root];
  w->roots[root] = value;
  bs_release(w->heap, old);
}

static void make(world *w) {
  uint32_t kind = pick(w, 8) == 0 ? LEAF : pick(w, 3) == 0 ? PAIR : OBJECT;
  bs_value first = some_value(w);
  bs_value second = some_value(w);
  node *made = bs_alloc(w->heap, kind, sizeof(node));
  if (made == NULL || kind == LEAF) {
    bs_release(w->heap, first);
    bs_release(w->heap, second);
  } else {
    made->slots[0] = first;
    made->slots[1] = second;
  }
  if (made == NULL) return;
  made->id = ++w->made;
  set_root(w, bs_from_cell(made));
}

static void mutate(world *w) {
  bs_value holder = w->roots[pick(w, ROOTS)];
  if (!bs_is_kind(holder, OBJECT)) return;
  bs_value *slot = &at(holder)->slots[pick(w, 4)];
  if (pick(w, 3) == 0) {
    // What was held inside moves out, without a change to its count.
    set_root(w, bs_exchange(w->heap, bs_cell_of(holder), slot, BS_NONE));
  } else {
    bs_store(w->heap, bs_cell_of(holder), slot, some_value(w));
  }
}

static bool whole(world *w, uint64_t mark) {
  reached = 0;
  for (size_t i = 0; i < ROOTS; i++)
    tap_need(reach(w->roots[i], mark));
  tap_need(bs_heap_verify(w->heap, NULL) == BS_OK);
  return reached <= stats_of(w->heap).live_cells;
}

static bool random_graphs_keep_exactly_what_is_reachable(uint64_t seed) {
  world w = {.heap = make_heap(arena, 1 << 20, 0, 1 + (uint32_t)(seed % 3) * 3), .seed = seed};
  for (uint64_t turn = 1; turn <= 40; turn++) {
    for (int i = 0; i < 500; i++) {
      size_t choice = pick(&w, 10);
      if (choice < 4)
        make(&w);
      else if (choice < 8)
        mutate(&w);
      else if (choice < 9)
        set_root(&w, BS_NULL);
      else if (pick(&w, 3) == 0)
        bs_round_start(w.heap);
      else
        (void)bs_heap_step(w.heap, pick(&w, 20));
      if (pick(&w, 50) == 0) tap_need(whole(&w, turn << 10 | (uint64_t)i));
    }
    if (turn % 8 != 0) continue;
    bs_heap_collect(w.heap);
    tap_need(whole(&w, turn << 10 | 1000) && reached == stats_of(w.heap).live_cells);
  }
  tap_need(stats_of(w.heap).collected_cells > 0);
  for (size_t i = 0; i < ROOTS; i++)
    bs_release(w.heap, w.roots[i]);
  bs_heap_collect(w.heap);
  return stats_of(w.heap).live_cells == 0 && bs_heap_verify(w.heap, NULL) == BS_OK;
}

/** Every allocation of a random history fails once: nothing is lost, and nothing is damaged. */
static bool any_allocation_may_fail(void) {
  for (uint64_t fail = 1; fail <= 150; fail++) {
    world w = {.heap = make_heap(arena, 256 * 1024, fail, 3), .seed = 7};
    for (int i = 0; i < 600; i++) {
      size_t choice = pick(&w, 10);
      if (choice < 5)
        make(&w);
      else if (choice < 9)
        mutate(&w);
      else
        bs_round_start(w.heap);
    }
    tap_need(stats_of(w.heap).failed_allocations == 1 && whole(&w, 1));
    for (size_t i = 0; i < ROOTS; i++)
      bs_release(w.heap, w.roots[i]);
    bs_heap_collect(w.heap);
    tap_need(stats_of(w.heap).live_cells == 0 && bs_heap_verify(w.heap, NULL) == BS_OK);
  }
  return true;
}

/** Cells that a program only makes and drops never fill a heap that traces, and go in bounded
 * steps.
 */
static bool tracing_keeps_up(void) {
  enum { STEP = 32 };
  bs_heap *heap = make_heap(arena, 1 << 20, 0, STEP);
  bs_value list = BS_NULL;
  for (int i = 0; i < 500; i++)
    list = bs_from_cell(make_node(heap, PAIR, bs_from_small(i), list));
  for (int i = 0; i < 50000; i++) {
    finalized = 0;
    node *made = make_node(heap, PAIR, bs_retain(list), BS_NULL);
    tap_need(made != NULL && finalized <= STEP);
    bs_release(heap, bs_from_cell(made));
  }
  tap_need(stats_of(heap).failed_allocations == 0 && stats_of(heap).rounds > 10);
  bs_release(heap, list);
  tap_need(stats_of(heap).live_cells > 500);
  bs_heap_collect(heap);
  return stats_of(heap).live_cells == 0 && bs_heap_verify(heap, NULL) == BS_OK;
}

static void test_strategy(void) {
  tap_ok(a_ring_goes_with_what_hangs_on_it(), "a ring goes with what hangs on it alone");
  tap_ok(garbage_cycles_never_fill_the_heap(), "garbage in cycles never fills the heap");
  for (uint64_t seed = 1; seed <= 10; seed++)
    tap_ok(random_graphs_keep_exactly_what_is_reachable(seed),
           "a random graph keeps exactly what is reachable");
  tap_ok(any_allocation_may_fail(), "each allocation of a history may fail without a loss");
}

int main(void) {
  test_strategy();
  tap_ok(a_wide_cell_is_examined_in_bounded_steps(), "a cycle through a wide cell goes");
  strategy = BS_STRATEGY_TRACING;
  test_strategy();
  tap_ok(tracing_keeps_up(), "a heap that traces keeps up with what is dropped");
  return tap_done();
}
