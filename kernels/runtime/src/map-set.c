// Setting an entry of a map.
#include "map-trie.h"

/** The entry on its way down the trie. */
typedef struct {
  bs_value key;
  bs_value value;
  uint32_t hash;
  bool added;
} entry;

static void put(bs_value *slots, bs_value key, bs_value value) {
  slots[0] = bs_retain(key);
  slots[1] = bs_retain(value);
}

/** A subtree of two entries whose keys differ; BS_NONE without memory. */
static bs_value pair(bs_heap *heap, uint32_t shift, bs_value key, bs_value value, uint32_t hash,
                     const entry *other) {
  if (shift >= BS_MAP_HASH_BITS) {
    bs_map_collision *both =
        bs_alloc(heap, BS_KIND_MAP_COLLISION, sizeof *both + 4 * sizeof(bs_value));
    if (both == NULL) return BS_NONE;
    both->count = 2;
    put(both->slots, key, value);
    put(both->slots + 2, other->key, other->value);
    return bs_from_cell(both);
  }
  uint32_t bit = bs_hash_bit(hash, shift);
  uint32_t other_bit = bs_hash_bit(other->hash, shift);
  if (bit == other_bit) {
    bs_value below = pair(heap, shift + BS_MAP_BITS, key, value, hash, other);
    if (below == BS_NONE) return BS_NONE;
    bs_map_node *above = bs_map_new_node(heap, 1);
    if (above == NULL) {
      bs_release(heap, below);
      return BS_NONE;
    }
    above->children = bit;
    above->slots[0] = below;
    return bs_from_cell(above);
  }
  bs_map_node *both = bs_map_new_node(heap, 4);
  if (both == NULL) return BS_NONE;
  both->entries = bit | other_bit;
  put(both->slots + (bit < other_bit ? 0 : 2), key, value);
  put(both->slots + (bit < other_bit ? 2 : 0), other->key, other->value);
  return bs_from_cell(both);
}

static bs_status add_entry(bs_heap *heap, bs_cell *holder, bs_value *slot, uint32_t bit,
                           entry *added) {
  bs_map_place place = {.key = added->key, .value = added->value};
  bs_status status = bs_map_edit(heap, holder, slot, bit, place);
  added->added = status == BS_OK;
  return status;
}

/** Puts a child that holds both in the place of an entry. */
static bs_status push_down(bs_heap *heap, bs_cell *holder, bs_value *slot, uint32_t bit,
                           uint32_t shift, entry *added) {
  const bs_map_node *node = bs_map_node_of(*slot);
  const bs_value *old = node->slots + bs_entry_slot(node, bit);
  bs_value both = pair(heap, shift + BS_MAP_BITS, old[0], old[1],
                       bs_text_hash(old[0], bs_heap_hash_seed(heap)), added);
  if (both == BS_NONE) return BS_NOMEM;
  bs_status status = bs_map_edit(heap, holder, slot, bit, (bs_map_place){.child = both});
  bs_release(heap, both);
  added->added = status == BS_OK;
  return status;
}

static bs_status replace_value(bs_heap *heap, bs_cell *holder, bs_value *slot, size_t at,
                               const entry *added) {
  bs_cell *own = bs_map_own_node(heap, holder, slot);
  if (own == NULL) return BS_NOMEM;
  bs_value *slots =
      bs_is_collision(*slot) ? bs_collision_of(*slot)->slots : bs_map_node_of(*slot)->slots;
  bs_store(heap, own, &slots[at + 1], bs_retain(added->value));
  return BS_OK;
}

static bs_status set_collision(bs_heap *heap, bs_cell *holder, bs_value *slot, entry *added) {
  const bs_map_collision *old = bs_collision_of(*slot);
  for (size_t i = 0; i < old->count; i++) {
    if (bs_keys_equal(old->slots[2 * i], added->key)) {
      return replace_value(heap, holder, slot, 2 * i, added);
    }
  }
  size_t slots = 2 * old->count;
  bs_map_collision *node =
      bs_alloc(heap, BS_KIND_MAP_COLLISION, sizeof *node + (slots + 2) * sizeof(bs_value));
  if (node == NULL) return BS_NOMEM;
  node->count = old->count + 1;
  for (size_t i = 0; i < slots; i++)
    node->slots[i] = bs_retain(old->slots[i]);
  put(node->slots + slots, added->key, added->value);
  added->added = true;
  bs_store(heap, holder, slot, bs_from_cell(node));
  return BS_OK;
}

/** Goes down to where the key belongs; every node above it is owned alone. */
static bs_status set_below(bs_heap *heap, bs_cell *holder, bs_value *slot, entry *added) {
  for (uint32_t shift = 0;; shift += BS_MAP_BITS) {
    if (bs_is_collision(*slot)) return set_collision(heap, holder, slot, added);
    const bs_map_node *node = bs_map_node_of(*slot);
    uint32_t bit = bs_hash_bit(added->hash, shift);
    if ((node->entries & bit) != 0) {
      uint32_t at = bs_entry_slot(node, bit);
      if (!bs_keys_equal(node->slots[at], added->key)) {
        return push_down(heap, holder, slot, bit, shift, added);
      }
      return replace_value(heap, holder, slot, at, added);
    }
    if ((node->children & bit) == 0) return add_entry(heap, holder, slot, bit, added);
    bs_cell *own = bs_map_own_node(heap, holder, slot);
    if (own == NULL) return BS_NOMEM;
    bs_map_node *above = (bs_map_node *)own;
    holder = own;
    slot = &above->slots[bs_child_slot(above, bit)];
  }
}

static bs_status set_first(bs_heap *heap, bs_map_cell *map, entry *added) {
  bs_map_node *root = bs_map_new_node(heap, 2);
  if (root == NULL) return BS_NOMEM;
  root->entries = bs_hash_bit(added->hash, 0);
  put(root->slots, added->key, added->value);
  bs_store(heap, &map->cell, &map->root, bs_from_cell(root));
  added->added = true;
  return BS_OK;
}

bs_status bs_map_set(bs_heap *heap, bs_value *map, bs_value key, bs_value value) {
  if (!bs_is_kind(key, BS_KIND_TEXT) || value == BS_NONE) return BS_INVALID;
  bs_map_cell *own = bs_map_own(heap, map);
  if (own == NULL) return BS_NOMEM;
  entry added = {key, value, bs_text_hash(key, own->seed), false};
  bs_status status = own->root == BS_NONE ? set_first(heap, own, &added)
                                          : set_below(heap, &own->cell, &own->root, &added);
  if (added.added) own->count++;
  return status;
}
