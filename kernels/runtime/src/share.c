// Copies values into a region. Copies are made breadth first; a table says which cell has been
// copied to where, so that a value which is held twice stays one.
#include <basalt/text.h>

#include "memory.h"
#include "region.h"

/** A cell and its copy. */
typedef struct {
  bs_cell *from;
  bs_cell *to;
} pair;

/** All copies in the order in which they were made, and behind them an open hash table of their
 * numbers, counted from 1. Lies in bytes of the heap. */
typedef struct {
  bs_heap *heap;
  bs_value memory;
  pair *pairs;
  uint32_t *table;
  size_t count;
  size_t room;
} copies;

static size_t slot_of(const copies *c, const bs_cell *cell) {
  uint64_t mixed = (uint64_t)(uintptr_t)cell * 0x9e3779b97f4a7c15;
  size_t mask = 2 * c->room - 1;
  size_t at = (size_t)(mixed >> 32) & mask;
  while (c->table[at] != 0 && c->pairs[c->table[at] - 1].from != cell)
    at = (at + 1) & mask;
  return at;
}

/** Room for one copy more. */
static bool reserve(copies *c) {
  if (c->count < c->room) return true;
  size_t room = c->room == 0 ? 16 : 2 * c->room;
  bs_value memory;
  size_t bytes = room * sizeof(pair) + 2 * room * sizeof(uint32_t);
  if (room > UINT32_MAX || bs_bytes_new(c->heap, NULL, bytes, &memory) != BS_OK) return false;
  pair *pairs = (pair *)(uintptr_t)bs_bytes_data(memory);
  bs_copy(pairs, c->pairs, c->count * sizeof(pair));
  bs_release(c->heap, c->memory);
  c->memory = memory;
  c->pairs = pairs;
  c->table = (uint32_t *)(pairs + room);
  c->room = room;
  for (size_t i = 0; i < c->count; i++)
    c->table[slot_of(c, c->pairs[i].from)] = (uint32_t)i + 1;
  return true;
}

/** Whether cells of a kind are values that never change. */
static bool is_shareable(uint32_t kind) {
  return kind < BS_KIND_COUNT;
}

/** A copy without its children, with one reference that the table holds. */
static bs_cell *copy_cell(bs_heap *heap, bs_cell *from) {
  uint32_t kind = bs_kind_of(from);
  size_t bytes = bs_capacity(heap, from);
  // A hash that is kept in a text is written when it is first asked for: now, and never again.
  if (kind == BS_KIND_TEXT) (void)bs_text_hash(bs_from_cell(from), heap->hash_seed);
  bs_cell *to = bs_region_alloc(heap->region, kind, bytes);
  if (to == NULL) return NULL;
  bs_copy(to + 1, from + 1, bytes - sizeof *from);
  bs_children children = bs_children_of(heap, to);
  for (size_t i = 0; i < children.count; i++)
    children.slots[i] = BS_NONE;
  return to;
}

/** The shared value of a value, with a reference of its own: a copy that there is, or a new one. */
static bs_status share_one(copies *c, bs_value value, bs_value *out) {
  *out = value;
  if (!bs_is_cell(value)) return BS_OK;
  bs_cell *from = bs_cell_of(value);
  if (!is_shareable(bs_kind_of(from))) return BS_INVALID;
  if (bs_is_shared(c->heap, value)) {
    bs_retain(value);
    return BS_OK;
  }
  if (!reserve(c)) return BS_NOMEM;
  size_t at = slot_of(c, from);
  if (c->table[at] == 0) {
    bs_cell *to = copy_cell(c->heap, from);
    if (to == NULL) return BS_NOMEM;
    c->pairs[c->count++] = (pair){from, to};
    c->table[at] = (uint32_t)c->count;
  }
  *out = bs_retain(bs_from_cell(c->pairs[c->table[at] - 1].to));
  return BS_OK;
}

static bs_status share_children(copies *c, pair made) {
  bs_children from = bs_children_of(c->heap, made.from);
  bs_children to = bs_children_of(c->heap, made.to);
  bs_status status = BS_OK;
  for (size_t i = 0; i < from.count && status == BS_OK; i++) {
    bs_value child;
    status = share_one(c, from.slots[i], &child);
    if (status == BS_OK) to.slots[i] = child;
  }
  return status;
}

bs_status bs_share(bs_heap *heap, bs_value value, bs_value *out) {
  if (heap->region == NULL) return BS_INVALID;
  copies c = {.heap = heap, .memory = BS_NONE};
  bs_value root;
  bs_status status = share_one(&c, value, &root);
  if (status != BS_OK) root = BS_NONE;
  for (size_t i = 0; i < c.count && status == BS_OK; i++)
    status = share_children(&c, c.pairs[i]);
  // The table lets go: what the root holds stays, and after a failure nothing does.
  for (size_t i = 0; i < c.count; i++)
    bs_release(heap, bs_from_cell(c.pairs[i].to));
  bs_release(heap, c.memory);
  if (status == BS_OK)
    *out = root;
  else
    bs_release(heap, root);
  return status;
}
