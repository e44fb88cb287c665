// Tokens of the structure block and the numbers in a blob, which are big-endian and may lie
// anywhere.
#pragma once

#include <basalt/device-tree.h>

enum {
  BS_TREE_BEGIN = 1,
  BS_TREE_END = 2,
  BS_TREE_PROPERTY = 3,
  BS_TREE_NOTHING = 4,
  BS_TREE_FINISH = 9,
  BS_TREE_TOKEN_BYTES = 4,
  /** The token, the length of the value and the place of the name. */
  BS_TREE_PROPERTY_BYTES = 12,
};

static inline uint32_t bs_tree_load(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint64_t bs_tree_load_wide(const uint8_t *at) {
  return (uint64_t)bs_tree_load(at) << 32 | bs_tree_load(at + 4);
}

/** The place behind the token that starts at `at`, which must be a checked one. */
static inline uint32_t bs_tree_behind(const bs_tree *tree, uint32_t at) {
  uint32_t token = bs_tree_load(tree->blob + at);
  uint32_t end = at + BS_TREE_TOKEN_BYTES;
  if (token == BS_TREE_BEGIN) {
    while (tree->blob[end] != 0)
      end++;
    end++;
  } else if (token == BS_TREE_PROPERTY) {
    end = at + BS_TREE_PROPERTY_BYTES + bs_tree_load(tree->blob + at + 4);
  }
  // Tokens are at multiples of four from the start of the block, which is one itself.
  return (end + 3) & ~3u;
}
