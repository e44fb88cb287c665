// Persistent maps with text keys: a compressed hash trie (CHAMP). Copies share what they have in
// common, and equal maps have the same shape however they were made.
//
// Who changes a map owns a reference in `*map`; where it is the only one, cells are changed in
// place. After BS_NOMEM the map has the same entries.
#pragma once

#include <basalt/heap.h>

/** An empty map. */
bs_status bs_map_new(bs_heap *heap, bs_value *out);

/** Entries in the map. O(1). */
size_t bs_map_count(bs_value map);

/** The value of a key, borrowed; BS_NONE where there is none. O(log32 count). */
bs_value bs_map_get(bs_value map, bs_value key);

/** The same for a key that is in no cell. */
bs_value bs_map_get_bytes(bs_value map, const char *key, size_t length);

/** Adds an entry or replaces its value; takes references of its own. BS_INVALID for a key that is
 * no text. */
bs_status bs_map_set(bs_heap *heap, bs_value *map, bs_value key, bs_value value);

/** Removes an entry. BS_NOENT where there is none. */
bs_status bs_map_remove(bs_heap *heap, bs_value *map, bs_value key);

/** The height of the trie: 32 bits of hash in steps of 5, and the keys that share all of them. */
#define BS_MAP_HEIGHT 8

/** A walk over the entries, in an order that depends on the keys alone. The map must stay as it is.
 */
typedef struct bs_map_walk {
  /** What is left of the entries of the node it is at: keys and values side by side. */
  const bs_value *entry;
  const bs_value *entries_end;
  /** What is left of the children of that node, and of those above it. */
  const bs_value *child[BS_MAP_HEIGHT];
  const bs_value *children_end[BS_MAP_HEIGHT];
  uint32_t depth;
} bs_map_walk;

/** Stands before the first entry. */
void bs_map_walk_start(bs_map_walk *walk, bs_value map);

/** The next entry, borrowed; false at the end. O(1) amortised. */
bool bs_map_walk_next(bs_map_walk *walk, bs_value *key, bs_value *value);

/** The entries in canonical order of their keys (bs_text_compare_keys), as a tuple of key, value,
 * key, value and so on. O(count * log(count)). */
bs_status bs_map_sorted(bs_heap *heap, bs_value map, bs_value *out);
