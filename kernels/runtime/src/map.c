// Maps: making, reading and walking. The trie is CHAMP (Steindorfer and Vinju, "Optimizing
// Hash-Array Mapped Tries for Fast and Lean Immutable JVM Collections", 2015).
#include "map-trie.h"

bs_status bs_map_new(bs_heap *heap, bs_value *out) {
  bs_map_cell *map = bs_alloc(heap, BS_KIND_MAP, sizeof *map);
  if (map == NULL) return BS_NOMEM;
  *out = bs_from_cell(map);
  return BS_OK;
}

size_t bs_map_count(bs_value map) {
  return bs_map_of(map)->count;
}

static bs_value find_collision(const bs_map_collision *node, const char *key, size_t length) {
  for (size_t i = 0; i < node->count; i++) {
    if (bs_key_is(node->slots[2 * i], key, length)) return node->slots[2 * i + 1];
  }
  return BS_NONE;
}

static bs_value find(bs_value node, uint32_t hash, const char *key, size_t length) {
  for (uint32_t shift = 0; node != BS_NONE; shift += BS_MAP_BITS) {
    if (bs_is_collision(node)) return find_collision(bs_collision_of(node), key, length);
    const bs_map_node *here = bs_map_node_of(node);
    uint32_t bit = bs_hash_bit(hash, shift);
    if ((here->entries & bit) != 0) {
      uint32_t slot = bs_entry_slot(here, bit);
      return bs_key_is(here->slots[slot], key, length) ? here->slots[slot + 1] : BS_NONE;
    }
    if ((here->children & bit) == 0) return BS_NONE;
    node = here->slots[bs_child_slot(here, bit)];
  }
  return BS_NONE;
}

bs_value bs_map_get(bs_value map, bs_value key) {
  if (!bs_is_kind(key, BS_KIND_TEXT)) return BS_NONE;
  bs_value root = bs_map_of(map)->root;
  return find(root, bs_text_hash(key), bs_text_bytes(key), bs_text_length(key));
}

bs_value bs_map_get_bytes(bs_value map, const char *key, size_t length) {
  return find(bs_map_of(map)->root, bs_text_hash_bytes(key, length), key, length);
}

bs_map_node *bs_map_new_node(bs_heap *heap, uint32_t entries, uint32_t children) {
  size_t slots = 2 * (size_t)entries + children;
  return bs_alloc(heap, BS_KIND_MAP_NODE, sizeof(bs_map_node) + slots * sizeof(bs_value));
}

static bs_cell *copy_collision(bs_heap *heap, const bs_map_collision *old) {
  size_t slots = 2 * old->count;
  bs_map_collision *copy =
      bs_alloc(heap, BS_KIND_MAP_COLLISION, sizeof *copy + slots * sizeof(bs_value));
  if (copy == NULL) return NULL;
  copy->count = old->count;
  for (size_t i = 0; i < slots; i++)
    copy->slots[i] = bs_retain(old->slots[i]);
  return &copy->cell;
}

static bs_cell *copy_node(bs_heap *heap, const bs_map_node *old) {
  uint32_t slots = 2 * bs_entry_count(old) + bs_child_count(old);
  bs_map_node *copy = bs_map_new_node(heap, bs_entry_count(old), bs_child_count(old));
  if (copy == NULL) return NULL;
  copy->entries = old->entries;
  copy->children = old->children;
  for (uint32_t i = 0; i < slots; i++)
    copy->slots[i] = bs_retain(old->slots[i]);
  return &copy->cell;
}

bs_cell *bs_map_own_node(bs_heap *heap, bs_cell *holder, bs_value *slot) {
  bs_cell *old = bs_cell_of(*slot);
  if (bs_is_sole(old)) return old;
  bs_cell *copy = bs_is_collision(*slot) ? copy_collision(heap, bs_collision_of(*slot))
                                         : copy_node(heap, bs_map_node_of(*slot));
  if (copy != NULL) bs_store(heap, holder, slot, bs_from_cell(copy));
  return copy;
}

bs_map_cell *bs_map_own(bs_heap *heap, bs_value *map) {
  bs_map_cell *old = bs_map_of(*map);
  if (bs_is_sole(&old->cell)) return old;
  bs_map_cell *copy = bs_alloc(heap, BS_KIND_MAP, sizeof *copy);
  if (copy == NULL) return NULL;
  copy->count = old->count;
  copy->root = bs_retain(old->root);
  bs_release(heap, *map);
  *map = bs_from_cell(copy);
  return copy;
}

void bs_map_walk_start(bs_map_walk *walk, bs_value map) {
  bs_value root = bs_map_of(map)->root;
  walk->depth = root == BS_NONE ? 0 : 1;
  walk->nodes[0] = bs_cell_of(root);
  walk->next[0] = 0;
}

bool bs_map_walk_next(bs_map_walk *walk, bs_value *key, bs_value *value) {
  while (walk->depth > 0) {
    uint32_t top = walk->depth - 1;
    uint32_t at = walk->next[top];
    bs_value here = bs_from_cell(walk->nodes[top]);
    bool collision = bs_is_collision(here);
    const bs_value *slots = collision ? bs_collision_of(here)->slots : bs_map_node_of(here)->slots;
    uint32_t entries =
        collision ? (uint32_t)bs_collision_of(here)->count : bs_entry_count(bs_map_node_of(here));
    if (at < entries) {
      *key = slots[2 * at];
      *value = slots[2 * at + 1];
      walk->next[top]++;
      return true;
    }
    if (collision || at == entries + bs_child_count(bs_map_node_of(here))) {
      walk->depth--;
      continue;
    }
    walk->next[top]++;
    walk->nodes[walk->depth] = bs_cell_of(slots[entries + at]);
    walk->next[walk->depth++] = 0;
  }
  return false;
}
