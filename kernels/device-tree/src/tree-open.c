// Checks a flattened device tree: header, reserved memory, and every token of the structure block.
#include "tokens.h"

/** Offsets in the header (Devicetree Specification 0.4, section 5.2). */
enum {
  HEADER_TOTAL_SIZE = 4,
  HEADER_STRUCTURE = 8,
  HEADER_STRINGS = 12,
  HEADER_RESERVED = 16,
  HEADER_VERSION = 20,
  HEADER_COMPATIBLE_VERSION = 24,
  HEADER_STRINGS_SIZE = 32,
  HEADER_STRUCTURE_SIZE = 36,
  HEADER_BYTES = 40,
  MAGIC = 0xd00dfeed,
  VERSION = 17,
  RESERVED_ENTRY_BYTES = 16,
};

uint32_t bs_tree_claimed_size(const void *blob) {
  const uint8_t *header = blob;
  return bs_tree_load(header) == MAGIC ? bs_tree_load(header + HEADER_TOTAL_SIZE) : 0;
}

static bool is_inside(uint32_t start, uint32_t length, uint32_t size) {
  return start <= size && length <= size - start;
}

static bs_status check_reserved(bs_tree *tree) {
  uint32_t at = tree->reserved;
  for (tree->reserved_count = 0;; tree->reserved_count++, at += RESERVED_ENTRY_BYTES) {
    if (!is_inside(at, RESERVED_ENTRY_BYTES, tree->size)) return BS_CORRUPT;
    const uint8_t *entry = tree->blob + at;
    if (bs_tree_load_wide(entry) == 0 && bs_tree_load_wide(entry + 8) == 0) return BS_OK;
  }
}

/** Whether a text that ends before `end` starts here. */
static bool has_text(const bs_tree *tree, uint32_t at, uint32_t end) {
  while (at < end && tree->blob[at] != 0)
    at++;
  return at < end;
}

/** Checks a token and goes behind it. */
static bs_status check_token(const bs_tree *tree, uint32_t *at, uint32_t *token) {
  uint32_t left = tree->structure_end - *at;
  if (left < BS_TREE_TOKEN_BYTES) return BS_CORRUPT;
  *token = bs_tree_load(tree->blob + *at);
  if (*token == BS_TREE_BEGIN) {
    if (!has_text(tree, *at + BS_TREE_TOKEN_BYTES, tree->structure_end)) return BS_CORRUPT;
  } else if (*token == BS_TREE_PROPERTY) {
    if (left < BS_TREE_PROPERTY_BYTES) return BS_CORRUPT;
    uint32_t length = bs_tree_load(tree->blob + *at + 4);
    uint32_t name = bs_tree_load(tree->blob + *at + 8);
    if (length > left - BS_TREE_PROPERTY_BYTES) return BS_CORRUPT;
    if (name >= tree->strings_end - tree->strings) return BS_CORRUPT;
    if (!has_text(tree, tree->strings + name, tree->strings_end)) return BS_CORRUPT;
  } else if (*token != BS_TREE_END && *token != BS_TREE_NOTHING && *token != BS_TREE_FINISH) {
    return BS_CORRUPT;
  }
  *at = bs_tree_behind(tree, *at);
  return *at <= tree->structure_end ? BS_OK : BS_CORRUPT;
}

/** One root; properties of a node before the nodes in it; then the end of the block. */
static bs_status check_structure(const bs_tree *tree) {
  uint32_t at = tree->structure;
  uint32_t depth = 0;
  uint32_t roots = 0;
  bool may_have_property = false;
  for (;;) {
    uint32_t token;
    bs_status status = check_token(tree, &at, &token);
    if (status != BS_OK) return status;
    if (token == BS_TREE_FINISH) return depth == 0 && roots == 1 ? BS_OK : BS_CORRUPT;
    if (token == BS_TREE_PROPERTY && !may_have_property) return BS_CORRUPT;
    if (token == BS_TREE_BEGIN) {
      if (depth == 0 && roots++ == 1) return BS_CORRUPT;
      if (depth++ == BS_TREE_DEPTH) return BS_UNSUPPORTED;
    }
    if (token == BS_TREE_END && depth-- == 0) return BS_CORRUPT;
    if (token != BS_TREE_NOTHING && token != BS_TREE_PROPERTY)
      may_have_property = token == BS_TREE_BEGIN;
  }
}

bs_status bs_tree_open(const void *blob, size_t limit, bs_tree *tree) {
  const uint8_t *header = blob;
  if (limit < HEADER_BYTES) return BS_CORRUPT;
  uint32_t size = bs_tree_claimed_size(blob);
  if (size < HEADER_BYTES || size > limit || size > INT32_MAX) return BS_CORRUPT;
  if (bs_tree_load(header + HEADER_VERSION) < VERSION) return BS_UNSUPPORTED;
  if (bs_tree_load(header + HEADER_COMPATIBLE_VERSION) > VERSION) return BS_UNSUPPORTED;
  *tree = (bs_tree){
      .blob = header,
      .size = size,
      .structure = bs_tree_load(header + HEADER_STRUCTURE),
      .strings = bs_tree_load(header + HEADER_STRINGS),
      .reserved = bs_tree_load(header + HEADER_RESERVED),
  };
  uint32_t structure_size = bs_tree_load(header + HEADER_STRUCTURE_SIZE);
  uint32_t strings_size = bs_tree_load(header + HEADER_STRINGS_SIZE);
  if (tree->structure % 4 != 0 || !is_inside(tree->structure, structure_size, size))
    return BS_CORRUPT;
  if (!is_inside(tree->strings, strings_size, size)) return BS_CORRUPT;
  tree->structure_end = tree->structure + structure_size;
  tree->strings_end = tree->strings + strings_size;
  bs_status status = check_reserved(tree);
  return status != BS_OK ? status : check_structure(tree);
}
