// Reads a flattened device tree (Devicetree Specification 0.4, chapter 5) where it lies. Opening
// checks the whole blob once; afterwards nothing that it says can make a read leave it.
#pragma once

#include <basalt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  /** Nodes inside of nodes; a deeper tree is not opened. */
  BS_TREE_DEPTH = 16,
};

/** A checked tree. It borrows the blob, which must stay as it was. */
typedef struct bs_tree {
  const uint8_t *blob;
  uint32_t size;
  uint32_t structure;
  uint32_t structure_end;
  uint32_t strings;
  uint32_t strings_end;
  uint32_t reserved;
  uint32_t reserved_count;
} bs_tree;

/** A node: `path[depth]` is the place of its token in the structure block, and before it are those
 * of the nodes around it, the root first. */
typedef struct bs_tree_node {
  uint32_t depth;
  uint32_t path[BS_TREE_DEPTH];
} bs_tree_node;

/** The value of a property, inside of the blob. */
typedef struct bs_tree_property {
  const uint8_t *data;
  uint32_t length;
} bs_tree_property;

/** Checks a blob of which `limit` bytes may be read. BS_CORRUPT where it breaks the format,
 * BS_UNSUPPORTED for a version before 17 or a tree deeper than BS_TREE_DEPTH. Linear in its size.
 */
bs_status bs_tree_open(const void *blob, size_t limit, bs_tree *tree);

/** The bytes that a header claims, or 0 where this is no header; reads 8 bytes. */
uint32_t bs_tree_claimed_size(const void *blob);

/** The root. */
bs_tree_node bs_tree_root(const bs_tree *tree);

/** Goes to the next node in the order of the blob; false after the last one. */
bool bs_tree_next(const bs_tree *tree, bs_tree_node *node);

/** The node around this one; false for the root. */
bool bs_tree_parent(const bs_tree_node *node, bs_tree_node *parent);

/** The name with its unit address, ended by a zero byte. */
const char *bs_tree_name(const bs_tree *tree, const bs_tree_node *node);

/** Finds a property of a node by name. */
bool bs_tree_property_of(const bs_tree *tree, const bs_tree_node *node, const char *name,
                         bs_tree_property *property);

/** The node of a path such as `/chosen`; unit addresses may be left out, and a colon ends the path.
 */
bool bs_tree_find_path(const bs_tree *tree, const char *path, bs_tree_node *node);

/** Whether a list of strings, such as `compatible`, has this one. */
bool bs_tree_has_string(bs_tree_property property, const char *text);

/** The cell at an index of a property; false where it ends before. */
bool bs_tree_cell(bs_tree_property property, uint32_t index, uint32_t *cell);

/** The value of one or two cells; false for another length. */
bool bs_tree_number(bs_tree_property property, uint64_t *number);

/** The range at an index of `reg`, as an address of the processor: translated through the `ranges`
 * of the buses around the node. False where there is none, it cannot be reached or does not fit. */
bool bs_tree_range(const bs_tree *tree, const bs_tree_node *node, uint32_t index, uint64_t *address,
                   uint64_t *size);

/** An entry of the list of reserved memory; false after the last one. */
bool bs_tree_reserved(const bs_tree *tree, uint32_t index, uint64_t *address, uint64_t *size);
