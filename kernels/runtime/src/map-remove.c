// Removing an entry of a map, so that what is left has the shape of a map that never had it.
#include "map-trie.h"

/** Where the one other entry of a subtree of two entries is; NULL where there are more. */
static const bs_value *lone_survivor(bs_value node, bs_value key) {
  while (!bs_is_collision(node)) {
    const bs_map_node *here = bs_map_node_of(node);
    if (here->children == 0) {
      if (bs_entry_count(here) != 2) return NULL;
      return here->slots + (bs_keys_equal(here->slots[0], key) ? 2 : 0);
    }
    if (here->entries != 0 || bs_child_count(here) != 1) return NULL;
    node = here->slots[0];
  }
  const bs_map_collision *last = bs_collision_of(node);
  if (last->count != 2) return NULL;
  return last->slots + (bs_keys_equal(last->slots[0], key) ? 2 : 0);
}

static bs_status drop_collision(bs_heap *heap, bs_cell *holder, bs_value *slot, bs_value key) {
  const bs_map_collision *old = bs_collision_of(*slot);
  size_t slots = 2 * (old->count - 1);
  bs_map_collision *node =
      bs_alloc(heap, BS_KIND_MAP_COLLISION, sizeof *node + slots * sizeof(bs_value));
  if (node == NULL) return BS_NOMEM;
  node->count = old->count - 1;
  size_t to = 0;
  for (size_t i = 0; i < old->count; i++) {
    if (bs_keys_equal(old->slots[2 * i], key)) continue;
    node->slots[to++] = bs_retain(old->slots[2 * i]);
    node->slots[to++] = bs_retain(old->slots[2 * i + 1]);
  }
  bs_store(heap, holder, slot, bs_from_cell(node));
  return BS_OK;
}

/** Removes a key that is there. */
static bs_status remove_below(bs_heap *heap, bs_cell *holder, bs_value *slot, bs_value key) {
  uint32_t hash = bs_text_hash(key, bs_heap_hash_seed(heap));
  for (uint32_t shift = 0;; shift += BS_MAP_BITS) {
    if (bs_is_collision(*slot)) return drop_collision(heap, holder, slot, key);
    const bs_map_node *node = bs_map_node_of(*slot);
    uint32_t bit = bs_hash_bit(hash, shift);
    if ((node->entries & bit) != 0)
      return bs_map_edit(heap, holder, slot, bit, (bs_map_place){.key = BS_NONE});
    const bs_value *survivor = lone_survivor(node->slots[bs_child_slot(node, bit)], key);
    if (survivor != NULL) {
      // The entry that is left takes the place of the child it was in.
      bs_map_place entry = {.key = survivor[0], .value = survivor[1]};
      return bs_map_edit(heap, holder, slot, bit, entry);
    }
    bs_map_node *own = (bs_map_node *)bs_map_own_node(heap, holder, slot);
    if (own == NULL) return BS_NOMEM;
    holder = &own->cell;
    slot = &own->slots[bs_child_slot(own, bit)];
  }
}

bs_status bs_map_remove(bs_heap *heap, bs_value *map, bs_value key) {
  if (bs_map_get(*map, key) == BS_NONE) return BS_NOENT;
  // The key may be the map's own, which goes with its entry.
  bs_retain(key);
  bs_map_cell *own = bs_map_own(heap, map);
  bs_status status = own == NULL ? BS_NOMEM : BS_OK;
  if (own != NULL && own->count == 1)
    bs_store(heap, &own->cell, &own->root, BS_NONE);
  else if (own != NULL)
    status = remove_below(heap, &own->cell, &own->root, key);
  if (status == BS_OK) own->count--;
  bs_release(heap, key);
  return status;
}
