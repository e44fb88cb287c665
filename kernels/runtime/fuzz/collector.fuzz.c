// Fuzzes the collector with both strategies: two bytes an operation on a few roots. What the roots
// reach is there and nothing else is, after a collection; and all goes with the roots.
#include <stdlib.h>

#include "../src/heap-state.h"
#include "../test/test-kinds.h"

enum { ROOTS = 8, SLOTS = 4, HEAP_BYTES = 128 << 10 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
  bs_heap *heap;
  bs_value roots[ROOTS];
} world;

static void need(bool holds) {
  if (!holds) abort();
}

static node *at(bs_value value) {
  return (node *)bs_cell_of(value);
}

/** Whether the value is a cell with slots. */
static bool has_slots(bs_value value) {
  return bs_is_kind(value, PAIR) || bs_is_kind(value, OBJECT);
}

static void set_root(world *w, size_t root, bs_value value) {
  bs_value old = w->roots[root];
  w->roots[root] = value;
  bs_release(w->heap, old);
}

/** A copy of a root, or of what is in a slot of it. */
static bs_value take(world *w, size_t choice) {
  bs_value root = w->roots[choice % ROOTS];
  if (has_slots(root) && choice / ROOTS % 2 == 1)
    return bs_retain(at(root)->slots[choice / ROOTS / 2 % SLOTS]);
  return bs_retain(root);
}

static void make(world *w, uint32_t kind, size_t root, size_t choice) {
  bs_value held = take(w, choice);
  node *made = make_node(w->heap, kind, held, BS_NONE);
  if (made == NULL) {
    bs_release(w->heap, held);
    return;
  }
  if (kind == LEAF) {
    made->slots[0] = BS_NONE;
    bs_release(w->heap, held);
  }
  set_root(w, root, bs_from_cell(made));
}

static void run(world *w, uint8_t operation, uint8_t choice) {
  size_t root = operation / 8 % ROOTS;
  bs_value holder = w->roots[root];
  bs_value *slot = bs_is_kind(holder, OBJECT) ? &at(holder)->slots[operation / 64] : NULL;
  switch (operation % 8) {
  case 0:
  case 1:
  case 2:
    make(w, operation % 8 == 0 ? PAIR : operation % 8 == 1 ? OBJECT : LEAF, root, choice);
    return;
  case 3:
  case 4:
    if (slot != NULL) bs_store(w->heap, bs_cell_of(holder), slot, take(w, choice));
    return;
  case 5:
    if (slot != NULL)
      set_root(w, choice % ROOTS, bs_exchange(w->heap, bs_cell_of(holder), slot, BS_NONE));
    return;
  case 6:
    set_root(w, root, BS_NONE);
    return;
  default:
    if (choice % 8 == 0) bs_round_start(w->heap);
    (void)bs_heap_step(w->heap, choice / 8);
  }
}

/** Marks what a value reaches and counts it. */
static uint64_t reach(bs_value value, uint64_t mark) {
  static bs_value stack[HEAP_BYTES / sizeof(node) * SLOTS];
  uint64_t reached = 0;
  size_t depth = 0;
  if (bs_is_cell(value)) stack[depth++] = value;
  while (depth > 0) {
    node *cell = at(stack[--depth]);
    need(cell->cell.refs > 0);
    if (cell->id == mark) continue;
    cell->id = mark;
    reached++;
    for (size_t i = 0; has_slots(bs_from_cell(cell)) && i < SLOTS; i++) {
      if (bs_is_cell(cell->slots[i])) stack[depth++] = cell->slots[i];
    }
  }
  return reached;
}

static void play(const uint8_t *data, size_t size) {
  static _Alignas(16) unsigned char arena[HEAP_BYTES];
  world w = {.heap = make_heap(arena, sizeof arena, 0, 3)};
  for (size_t i = 0; i + 1 < size; i += 2)
    run(&w, data[i], data[i + 1]);
  need(bs_heap_verify(w.heap, NULL) == BS_OK);
  bs_heap_collect(w.heap);
  uint64_t reached = 0;
  for (size_t i = 0; i < ROOTS; i++)
    reached += reach(w.roots[i], 1);
  need(reached == stats_of(w.heap).live_cells);
  for (size_t i = 0; i < ROOTS; i++)
    set_root(&w, i, BS_NONE);
  bs_heap_collect(w.heap);
  need(stats_of(w.heap).live_cells == 0 && bs_heap_verify(w.heap, NULL) == BS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  for (int each = BS_STRATEGY_COUNTING; each <= BS_STRATEGY_TRACING; each++) {
    strategy = (bs_strategy)each;
    play(data, size);
  }
  return 0;
}
