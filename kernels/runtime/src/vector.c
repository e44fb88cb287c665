// Persistent vectors (Bagwell and Rompf, "RRB-Trees", section 2; the tail is Clojure's). A node is
// changed in place where it and all that lead to it have one reference.
#include <basalt/vector.h>

#include "value-cells.h"

#define MASK (BS_VECTOR_WIDTH - 1)

static bs_vector_cell *cell_of(bs_value vector) {
  return (bs_vector_cell *)bs_cell_of(vector);
}

static bs_vector_node *node_of(bs_value node) {
  return (bs_vector_node *)bs_cell_of(node);
}

/** Items before the tail. */
static size_t tail_start(size_t count) {
  return count == 0 ? 0 : (count - 1) & ~(size_t)MASK;
}

static bs_vector_node *new_node(bs_heap *heap, size_t room) {
  size_t bytes = sizeof(bs_vector_node) + room * sizeof(bs_value);
  bs_vector_node *node = bs_alloc(heap, BS_KIND_VECTOR_NODE, bytes);
  if (node != NULL) node->room = room;
  return node;
}

bs_status bs_vector_new(bs_heap *heap, bs_value *out) {
  bs_vector_cell *vector = bs_alloc(heap, BS_KIND_VECTOR, sizeof *vector);
  if (vector == NULL) return BS_NOMEM;
  vector->shift = BS_VECTOR_BITS;
  *out = bs_from_cell(vector);
  return BS_OK;
}

size_t bs_vector_count(bs_value vector) {
  return cell_of(vector)->count;
}

/** The leaf, or the tail, that holds an index below the count. */
static const bs_vector_node *leaf_of(const bs_vector_cell *vector, size_t index) {
  if (index >= tail_start(vector->count)) return node_of(vector->slots[BS_VECTOR_TAIL]);
  const bs_vector_node *node = node_of(vector->slots[BS_VECTOR_ROOT]);
  for (uint32_t level = vector->shift; level > 0; level -= BS_VECTOR_BITS) {
    node = node_of(node->items[index >> level & MASK]);
  }
  return node;
}

bs_value bs_vector_get(bs_value vector, size_t index) {
  const bs_vector_cell *cell = cell_of(vector);
  if (index >= cell->count) return BS_NONE;
  return leaf_of(cell, index)->items[index & MASK];
}

const bs_value *bs_vector_run(bs_value vector, size_t index, size_t *count) {
  const bs_vector_cell *cell = cell_of(vector);
  *count = 0;
  if (index >= cell->count) return NULL;
  size_t left = cell->count - index;
  size_t in_leaf = BS_VECTOR_WIDTH - (index & MASK);
  *count = left < in_leaf ? left : in_leaf;
  return leaf_of(cell, index)->items + (index & MASK);
}

/** The vector's own cell, copied first where others hold it; NULL without memory. */
static bs_vector_cell *own_vector(bs_heap *heap, bs_value *vector) {
  bs_vector_cell *old = cell_of(*vector);
  if (bs_is_sole(&old->cell)) return old;
  bs_vector_cell *copy = bs_alloc(heap, BS_KIND_VECTOR, sizeof *copy);
  if (copy == NULL) return NULL;
  copy->count = old->count;
  copy->shift = old->shift;
  for (int i = 0; i < BS_VECTOR_SLOTS; i++)
    copy->slots[i] = bs_retain(old->slots[i]);
  bs_release(heap, *vector);
  *vector = bs_from_cell(copy);
  return copy;
}

/** The node in a slot of a cell that is owned alone: made where there is none, copied where others
 * hold it or where it has too little room. */
static bs_vector_node *own_node(bs_heap *heap, bs_cell *holder, bs_value *slot, size_t room) {
  bs_vector_node *old = *slot == BS_NONE ? NULL : node_of(*slot);
  if (old != NULL && old->room >= room && bs_is_sole(&old->cell)) return old;
  if (old != NULL && old->room > room) room = old->room;
  bs_vector_node *node = new_node(heap, room);
  if (node == NULL) return NULL;
  for (size_t i = 0; old != NULL && i < old->room; i++)
    node->items[i] = bs_retain(old->items[i]);
  bs_store(heap, holder, slot, bs_from_cell(node));
  return node;
}

/** The slot in the trie for the leaf that starts at an index, every node above it owned alone. */
static bs_value *own_leaf_slot(bs_heap *heap, bs_vector_cell *vector, size_t index,
                               bs_cell **holder) {
  bs_value *slot = &vector->slots[BS_VECTOR_ROOT];
  *holder = &vector->cell;
  for (uint32_t level = vector->shift; level > 0; level -= BS_VECTOR_BITS) {
    bs_vector_node *node = own_node(heap, *holder, slot, BS_VECTOR_WIDTH);
    if (node == NULL) return NULL;
    *holder = &node->cell;
    slot = &node->items[index >> level & MASK];
  }
  return slot;
}

/** Puts one more level on top where the trie is full. */
static bool grow_root(bs_heap *heap, bs_vector_cell *vector, size_t start) {
  if (start >> vector->shift < BS_VECTOR_WIDTH) return true;
  bs_vector_node *root = new_node(heap, BS_VECTOR_WIDTH);
  if (root == NULL) return false;
  root->items[0] = bs_retain(vector->slots[BS_VECTOR_ROOT]);
  bs_store(heap, &vector->cell, &vector->slots[BS_VECTOR_ROOT], bs_from_cell(root));
  vector->shift += BS_VECTOR_BITS;
  return true;
}

/** Moves the full tail into the trie and starts a new one with the item. All that can fail comes
 * first. */
static bs_status push_tail(bs_heap *heap, bs_vector_cell *vector, bs_value item) {
  size_t start = tail_start(vector->count);
  bs_cell *holder;
  if (!grow_root(heap, vector, start)) return BS_NOMEM;
  bs_value *slot = own_leaf_slot(heap, vector, start, &holder);
  if (slot == NULL) return BS_NOMEM;
  bs_vector_node *tail = new_node(heap, BS_VECTOR_WIDTH);
  if (tail == NULL) return BS_NOMEM;
  tail->items[0] = bs_retain(item);
  bs_value full =
      bs_exchange(heap, &vector->cell, &vector->slots[BS_VECTOR_TAIL], bs_from_cell(tail));
  bs_store(heap, holder, slot, full);
  vector->count++;
  return BS_OK;
}

/** Room for a tail of so many items: small vectors stay small. */
static size_t tail_room(size_t items) {
  size_t room = 4;
  while (room < items)
    room *= 2;
  return room;
}

bs_status bs_vector_push(bs_heap *heap, bs_value *vector, bs_value item) {
  bs_vector_cell *cell = own_vector(heap, vector);
  if (cell == NULL) return BS_NOMEM;
  size_t in_tail = cell->count - tail_start(cell->count);
  if (in_tail == BS_VECTOR_WIDTH) return push_tail(heap, cell, item);
  bs_value *slot = &cell->slots[BS_VECTOR_TAIL];
  bs_vector_node *tail = own_node(heap, &cell->cell, slot, tail_room(in_tail + 1));
  if (tail == NULL) return BS_NOMEM;
  bs_store(heap, &tail->cell, &tail->items[in_tail], bs_retain(item));
  cell->count++;
  return BS_OK;
}

bs_status bs_vector_set(bs_heap *heap, bs_value *vector, size_t index, bs_value item) {
  if (index >= bs_vector_count(*vector)) return BS_RANGE;
  bs_vector_cell *cell = own_vector(heap, vector);
  if (cell == NULL) return BS_NOMEM;
  bs_cell *holder = &cell->cell;
  bs_value *slot = &cell->slots[BS_VECTOR_TAIL];
  if (index < tail_start(cell->count)) slot = own_leaf_slot(heap, cell, index, &holder);
  if (slot == NULL) return BS_NOMEM;
  bs_vector_node *leaf = own_node(heap, holder, slot, node_of(*slot)->room);
  if (leaf == NULL) return BS_NOMEM;
  bs_store(heap, &leaf->cell, &leaf->items[index & MASK], bs_retain(item));
  return BS_OK;
}

/** Removes from the trie what held only the leaf at `start`, which was just taken out. */
static void prune(bs_heap *heap, bs_vector_cell *vector, size_t start) {
  bs_cell *holder = &vector->cell;
  bs_value *slot = &vector->slots[BS_VECTOR_ROOT];
  // The highest node whose part of `start` is zero from there down holds nothing any more.
  for (uint32_t level = vector->shift; level > 0; level -= BS_VECTOR_BITS) {
    size_t below = ((size_t)BS_VECTOR_WIDTH << level) - 1;
    if ((start & below) == 0) {
      bs_store(heap, holder, slot, BS_NONE);
      break;
    }
    bs_vector_node *node = node_of(*slot);
    holder = &node->cell;
    slot = &node->items[start >> level & MASK];
  }
  while (vector->shift > BS_VECTOR_BITS && vector->slots[BS_VECTOR_ROOT] != BS_NONE) {
    bs_vector_node *root = node_of(vector->slots[BS_VECTOR_ROOT]);
    if (root->items[1] != BS_NONE) break;
    bs_value child = bs_retain(root->items[0]);
    bs_store(heap, &vector->cell, &vector->slots[BS_VECTOR_ROOT], child);
    vector->shift -= BS_VECTOR_BITS;
  }
  if (vector->slots[BS_VECTOR_ROOT] == BS_NONE) vector->shift = BS_VECTOR_BITS;
}

/** Takes the last item off where it is the only one of the tail: the last leaf becomes the tail. */
static bs_status pop_tail(bs_heap *heap, bs_vector_cell *vector) {
  size_t start = vector->count - 1 - BS_VECTOR_WIDTH;
  bs_cell *holder;
  bs_value *slot = own_leaf_slot(heap, vector, start, &holder);
  if (slot == NULL) return BS_NOMEM;
  bs_value leaf = bs_exchange(heap, holder, slot, BS_NONE);
  bs_store(heap, &vector->cell, &vector->slots[BS_VECTOR_TAIL], leaf);
  vector->count--;
  prune(heap, vector, start);
  return BS_OK;
}

bs_status bs_vector_pop(bs_heap *heap, bs_value *vector) {
  if (bs_vector_count(*vector) == 0) return BS_RANGE;
  bs_vector_cell *cell = own_vector(heap, vector);
  if (cell == NULL) return BS_NOMEM;
  size_t in_tail = cell->count - tail_start(cell->count);
  if (in_tail == 1 && cell->count > 1) return pop_tail(heap, cell);
  bs_value *slot = &cell->slots[BS_VECTOR_TAIL];
  bs_vector_node *tail = own_node(heap, &cell->cell, slot, node_of(*slot)->room);
  if (tail == NULL) return BS_NOMEM;
  bs_store(heap, &tail->cell, &tail->items[in_tail - 1], BS_NONE);
  cell->count--;
  return BS_OK;
}
