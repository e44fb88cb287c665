// Maps: making, reading and walking. The trie is CHAMP (Steindorfer and Vinju, "Optimizing
// Hash-Array Mapped Tries for Fast and Lean Immutable JVM Collections", 2015).
#include "map-trie.h"

bs_status bs_map_new(bs_heap *heap, bs_value *out) {
  bs_map_cell *map = bs_alloc(heap, BS_KIND_MAP, sizeof *map);
  if (map == NULL) return BS_NOMEM;
  map->seed = bs_heap_hash_seed(heap);
  *out = bs_from_cell(map);
  return BS_OK;
}

size_t bs_map_count(bs_value map) {
  return bs_map_of(map)->count;
}

/** A key that is looked for: its bytes, and its cell where it has one. */
typedef struct {
  bs_value cell;
  const char *bytes;
  size_t length;
  uint32_t hash;
} sought;

static inline bool is_sought(const sought *key, bs_value candidate) {
  return candidate == key->cell || bs_key_is(candidate, key->bytes, key->length);
}

static bs_value find_collision(const bs_map_collision *node, const sought *key) {
  for (size_t i = 0; i < node->count; i++) {
    if (is_sought(key, node->slots[2 * i])) return node->slots[2 * i + 1];
  }
  return BS_NONE;
}

static bs_value find(bs_value node, const sought *key) {
  if (node == BS_NONE) return BS_NONE;
  for (uint32_t shift = 0; shift < BS_MAP_HASH_BITS; shift += BS_MAP_BITS) {
    const bs_map_node *here = bs_map_node_of(node);
    uint32_t bit = bs_hash_bit(key->hash, shift);
    if ((here->children & bit) != 0) {
      node = here->slots[bs_child_slot(here, bit)];
      continue;
    }
    if ((here->entries & bit) == 0) return BS_NONE;
    const bs_value *entry = here->slots + bs_entry_slot(here, bit);
    return is_sought(key, entry[0]) ? entry[1] : BS_NONE;
  }
  return find_collision(bs_collision_of(node), key);
}

bs_value bs_map_get(bs_value map, bs_value key) {
  if (!bs_is_kind(key, BS_KIND_TEXT)) return BS_NONE;
  uint32_t hash = bs_text_hash(key, bs_map_of(map)->seed);
  sought looked_for = {key, bs_text_bytes(key), bs_text_length(key), hash};
  return find(bs_map_of(map)->root, &looked_for);
}

bs_value bs_map_get_bytes(bs_value map, const char *key, size_t length) {
  sought looked_for = {BS_NONE, key, length, bs_text_hash_bytes(key, length, bs_map_of(map)->seed)};
  return find(bs_map_of(map)->root, &looked_for);
}

bs_map_node *bs_map_new_node(bs_heap *heap, uint32_t slots) {
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
  bs_map_node *copy = bs_map_new_node(heap, slots);
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
  copy->seed = old->seed;
  copy->root = bs_retain(old->root);
  bs_release(heap, *map);
  *map = bs_from_cell(copy);
  return copy;
}

/** Goes down to a node, or to a collision, which has no children. */
static void enter(bs_map_walk *walk, bs_value at) {
  const bs_value *slots =
      bs_is_collision(at) ? bs_collision_of(at)->slots : bs_map_node_of(at)->slots;
  size_t children = bs_is_collision(at) ? 0 : bs_child_count(bs_map_node_of(at));
  size_t entries =
      bs_is_collision(at) ? bs_collision_of(at)->count : bs_entry_count(bs_map_node_of(at));
  walk->child[walk->depth] = slots;
  walk->children_end[walk->depth++] = slots + children;
  walk->entry = slots + children;
  walk->entries_end = walk->entry + 2 * entries;
}

void bs_map_walk_start(bs_map_walk *walk, bs_value map) {
  bs_value root = bs_map_of(map)->root;
  walk->depth = 0;
  walk->entry = walk->entries_end = NULL;
  if (root != BS_NONE) enter(walk, root);
}

bool bs_map_walk_next(bs_map_walk *walk, bs_value *key, bs_value *value) {
  while (walk->entry == walk->entries_end) {
    if (walk->depth == 0) return false;
    uint32_t top = walk->depth - 1;
    if (walk->child[top] == walk->children_end[top])
      walk->depth--;
    else
      enter(walk, *walk->child[top]++);
  }
  *key = walk->entry[0];
  *value = walk->entry[1];
  walk->entry += 2;
  return true;
}
