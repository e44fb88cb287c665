// Walks a checked device tree: nodes in their order, properties by name.
#include "tokens.h"

static bool same_text(const char *a, const char *b) {
  while (*a != 0 && *a == *b) {
    a++;
    b++;
  }
  return *a == *b;
}

bs_tree_node bs_tree_root(const bs_tree *tree) {
  uint32_t at = tree->structure;
  while (bs_tree_load(tree->blob + at) == BS_TREE_NOTHING)
    at = bs_tree_behind(tree, at);
  return (bs_tree_node){.depth = 0, .path = {at}};
}

bool bs_tree_next(const bs_tree *tree, bs_tree_node *node) {
  uint32_t depth = node->depth + 1;
  uint32_t at = bs_tree_behind(tree, node->path[node->depth]);
  for (;; at = bs_tree_behind(tree, at)) {
    uint32_t token = bs_tree_load(tree->blob + at);
    if (token == BS_TREE_FINISH) return false;
    if (token == BS_TREE_END) depth--;
    if (token == BS_TREE_BEGIN) break;
  }
  node->depth = depth;
  node->path[depth] = at;
  return true;
}

bool bs_tree_parent(const bs_tree_node *node, bs_tree_node *parent) {
  if (node->depth == 0) return false;
  *parent = *node;
  parent->depth--;
  return true;
}

const char *bs_tree_name(const bs_tree *tree, const bs_tree_node *node) {
  return (const char *)tree->blob + node->path[node->depth] + BS_TREE_TOKEN_BYTES;
}

bool bs_tree_property_of(const bs_tree *tree, const bs_tree_node *node, const char *name,
                         bs_tree_property *property) {
  uint32_t at = bs_tree_behind(tree, node->path[node->depth]);
  for (;; at = bs_tree_behind(tree, at)) {
    const uint8_t *token = tree->blob + at;
    uint32_t kind = bs_tree_load(token);
    if (kind == BS_TREE_NOTHING) continue;
    if (kind != BS_TREE_PROPERTY) return false;
    const uint8_t *called = tree->blob + tree->strings + bs_tree_load(token + 8);
    if (!same_text((const char *)called, name)) continue;
    *property = (bs_tree_property){token + BS_TREE_PROPERTY_BYTES, bs_tree_load(token + 4)};
    return true;
  }
}

bool bs_tree_has_string(bs_tree_property property, const char *text) {
  for (uint32_t at = 0; at < property.length;) {
    uint32_t end = at;
    while (end < property.length && property.data[end] != 0)
      end++;
    if (end == property.length) return false;
    if (same_text((const char *)property.data + at, text)) return true;
    at = end + 1;
  }
  return false;
}

/** Whether a part of a path ends here; a colon begins what is said about a console. */
static bool ends_part(char character) {
  return character == 0 || character == '/' || character == ':';
}

/** Whether a node is what a part of a path names. */
static bool is_named(const char *name, const char *part) {
  while (*name != 0 && *name == *part) {
    name++;
    part++;
  }
  return ends_part(*part) && (*name == 0 || *name == '@');
}

bool bs_tree_find_path(const bs_tree *tree, const char *path, bs_tree_node *node) {
  if (*path != '/') return false;
  bs_tree_node found = bs_tree_root(tree);
  while (*path == '/') {
    while (*path == '/')
      path++;
    if (ends_part(*path)) break;
    uint32_t depth = found.depth;
    do {
      if (!bs_tree_next(tree, &found) || found.depth <= depth) return false;
    } while (found.depth != depth + 1 || !is_named(bs_tree_name(tree, &found), path));
    while (!ends_part(*path))
      path++;
  }
  *node = found;
  return true;
}

bool bs_tree_cell(bs_tree_property property, uint32_t index, uint32_t *cell) {
  if (index >= property.length / 4) return false;
  *cell = bs_tree_load(property.data + (size_t)index * 4);
  return true;
}

bool bs_tree_number(bs_tree_property property, uint64_t *number) {
  if (property.length == 4) *number = bs_tree_load(property.data);
  if (property.length == 8) *number = bs_tree_load_wide(property.data);
  return property.length == 4 || property.length == 8;
}
