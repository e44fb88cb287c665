// What the files of the map share: how its trie is read.
#pragma once

#include <basalt/map.h>
#include <basalt/text.h>

#include "memory.h"
#include "value-cells.h"

#define BS_MAP_BITS 5
/** From this shift on a hash has no more bits, and keys are compared one by one. */
#define BS_MAP_HASH_BITS 32

static inline bs_map_cell *bs_map_of(bs_value map) {
  return (bs_map_cell *)bs_cell_of(map);
}

static inline bs_map_node *bs_map_node_of(bs_value node) {
  return (bs_map_node *)bs_cell_of(node);
}

static inline bs_map_collision *bs_collision_of(bs_value node) {
  return (bs_map_collision *)bs_cell_of(node);
}

static inline bool bs_is_collision(bs_value node) {
  return bs_kind_of(bs_cell_of(node)) == BS_KIND_MAP_COLLISION;
}

static inline uint32_t bs_entry_count(const bs_map_node *node) {
  return (uint32_t)__builtin_popcount(node->entries);
}

static inline uint32_t bs_child_count(const bs_map_node *node) {
  return (uint32_t)__builtin_popcount(node->children);
}

static inline uint32_t bs_hash_bit(uint32_t hash, uint32_t shift) {
  return 1u << (hash >> shift & 31);
}

/** The slot of the child whose bit this is. Children come first: on the way down, one count of bits
 * is enough. */
static inline uint32_t bs_child_slot(const bs_map_node *node, uint32_t bit) {
  return (uint32_t)__builtin_popcount(node->children & (bit - 1));
}

/** The slot of the key whose bit this is. */
static inline uint32_t bs_entry_slot(const bs_map_node *node, uint32_t bit) {
  return bs_child_count(node) + 2 * (uint32_t)__builtin_popcount(node->entries & (bit - 1));
}

static inline bool bs_key_is(bs_value key, const char *bytes, size_t length) {
  return bs_text_length(key) == length && bs_compare(bs_text_bytes(key), bytes, length) == 0;
}

static inline bool bs_keys_equal(bs_value a, bs_value b) {
  return a == b || bs_key_is(a, bs_text_bytes(b), bs_text_length(b));
}

/** A node with room for so many slots; NULL without memory. */
bs_map_node *bs_map_new_node(bs_heap *heap, uint32_t slots);

/** The node or collision in a slot, copied first where others hold it; NULL without memory. */
bs_cell *bs_map_own_node(bs_heap *heap, bs_cell *holder, bs_value *slot);

/** The map's own cell, copied first where others hold it; NULL without memory. */
bs_map_cell *bs_map_own(bs_heap *heap, bs_value *map);

/** What a node has for one bit of the hash: a child, an entry, or nothing. */
typedef struct bs_map_place {
  bs_value child;
  bs_value key;
  bs_value value;
} bs_map_place;

/** Gives the node in a slot, whose holder is owned alone, another place for a bit, of which it
 * takes references of its own. BS_NOMEM changes nothing. */
bs_status bs_map_edit(bs_heap *heap, bs_cell *holder, bs_value *slot, uint32_t bit,
                      bs_map_place place);
