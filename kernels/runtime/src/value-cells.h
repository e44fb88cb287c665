// The layout of the cells of values. Cells never change after they were handed out, but for what
// the owner of a sole reference may change in place.
#pragma once

#include <basalt/kinds.h>
#include <basalt/natural.h>

typedef struct {
  bs_cell cell;
  double number;
} bs_float_cell;

/** An integer that does not fit into a word: sign and magnitude, without leading zero limbs. */
typedef struct {
  bs_cell cell;
  uint32_t count;
  bool negative;
  bs_limb limbs[];
} bs_integer_cell;

typedef struct {
  bs_cell cell;
  size_t length;
  size_t points;
  uint32_t hash;
  char bytes[];
} bs_text_cell;

typedef struct {
  bs_cell cell;
  size_t length;
  uint8_t bytes[];
} bs_bytes_cell;

typedef struct {
  bs_cell cell;
  size_t count;
  bs_value items[];
} bs_tuple_cell;

#define BS_VECTOR_BITS 5
#define BS_VECTOR_WIDTH 32

/** A leaf or an inner node of a vector's trie; a tail may have less room than BS_VECTOR_WIDTH. */
typedef struct {
  bs_cell cell;
  size_t room;
  bs_value items[];
} bs_vector_node;

/** Which of a vector's slots is which. */
enum { BS_VECTOR_ROOT, BS_VECTOR_TAIL, BS_VECTOR_SLOTS };

/** The last 1 to 32 items are in the tail, all others in the trie, whose leaves are full. */
typedef struct {
  bs_cell cell;
  size_t count;
  uint32_t shift;
  bs_value slots[BS_VECTOR_SLOTS];
} bs_vector_cell;

typedef struct {
  bs_cell cell;
  size_t count;
  bs_value root;
  /** That of the hashes of its keys. */
  uint64_t seed;
} bs_map_cell;

/** A node of the map's trie: a slot for each bit of `children`, then two, key and value, for each
 * bit of `entries`, both in order of their bits. There may be room for more. */
typedef struct {
  bs_cell cell;
  uint32_t entries;
  uint32_t children;
  bs_value slots[];
} bs_map_node;

/** Keys whose hashes are the same in all bits, each followed by its value. */
typedef struct {
  bs_cell cell;
  size_t count;
  bs_value slots[];
} bs_map_collision;
