// Editing one place of a node: in place where nobody else holds the node and there is room, else in
// a new node, to which the slots are moved or copied.
#include "heap-state.h"
#include "map-trie.h"

/** Slots that a new node has to spare where it takes the place of one that was owned alone, so that
 * a map which is being built moves its entries less often. */
enum { SPARE = 2, MOST_SLOTS = 64 };

/** The slots of the node with another place for a bit; returns how many. */
static uint32_t rearrange(bs_value *to, const bs_map_node *from, uint32_t bit, bs_map_place place) {
  uint32_t children = bs_child_count(from);
  uint32_t total = children + 2 * bs_entry_count(from);
  uint32_t child = bs_child_slot(from, bit);
  uint32_t entry = bs_entry_slot(from, bit);
  uint32_t count = 0;
  uint32_t at = 0;
  while (at < child)
    to[count++] = from->slots[at++];
  if (place.child != BS_NONE) to[count++] = place.child;
  if ((from->children & bit) != 0) at++;
  while (at < entry)
    to[count++] = from->slots[at++];
  if (place.key != BS_NONE) {
    to[count++] = place.key;
    to[count++] = place.value;
  }
  if ((from->entries & bit) != 0) at += 2;
  while (at < total)
    to[count++] = from->slots[at++];
  return count;
}

static void set_bits(bs_map_node *node, const bs_map_node *from, uint32_t bit, bs_map_place place) {
  uint32_t entries = from->entries & ~bit;
  uint32_t children = from->children & ~bit;
  node->entries = place.key != BS_NONE ? entries | bit : entries;
  node->children = place.child != BS_NONE ? children | bit : children;
}

/** What the node has for a bit now. */
static bs_map_place place_of(const bs_map_node *node, uint32_t bit) {
  const bs_value *entry = node->slots + bs_entry_slot(node, bit);
  if ((node->children & bit) != 0)
    return (bs_map_place){.child = node->slots[bs_child_slot(node, bit)]};
  if ((node->entries & bit) != 0) return (bs_map_place){.key = entry[0], .value = entry[1]};
  return (bs_map_place){.child = BS_NONE};
}

static void retain_place(bs_map_place place) {
  bs_retain(place.child);
  bs_retain(place.key);
  bs_retain(place.value);
}

static void release_place(bs_heap *heap, bs_map_place place) {
  bs_release(heap, place.child);
  bs_release(heap, place.key);
  bs_release(heap, place.value);
}

bs_status bs_map_edit(bs_heap *heap, bs_cell *holder, bs_value *slot, uint32_t bit,
                      bs_map_place place) {
  bs_map_node *old = bs_map_node_of(*slot);
  bs_value slots[MOST_SLOTS];
  bs_map_place gone = place_of(old, bit);
  uint32_t count = rearrange(slots, old, bit, place);
  size_t room = (bs_capacity(heap, &old->cell) - sizeof *old) / sizeof(bs_value);
  bs_map_node *node = old;
  if (count > room || !bs_may_move(heap, &old->cell)) {
    uint32_t spare = bs_is_sole(&old->cell) ? SPARE : 0;
    node = bs_map_new_node(heap, count + spare);
    if (node == NULL) return BS_NOMEM;
  }
  bool moves = bs_may_move(heap, &old->cell);
  set_bits(node, old, bit, place);
  bs_copy(node->slots, slots, count * sizeof(bs_value));
  if (!moves) {
    for (uint32_t i = 0; i < count; i++)
      bs_retain(slots[i]);
    bs_store(heap, holder, slot, bs_from_cell(node));
    return BS_OK;
  }
  retain_place(place);
  if (node != old) {
    (void)bs_exchange(heap, holder, slot, bs_from_cell(node));
    bs_discard(heap, &old->cell);
  }
  release_place(heap, gone);
  return BS_OK;
}
