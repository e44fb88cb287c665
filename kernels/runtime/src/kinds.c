// Where the references are in each kind of cell.
#include <basalt/kinds.h>

#include "value-cells.h"

static bs_children tuple_children(bs_cell *cell) {
  bs_tuple_cell *tuple = (bs_tuple_cell *)cell;
  return (bs_children){tuple->items, tuple->count};
}

static bs_children vector_children(bs_cell *cell) {
  return (bs_children){((bs_vector_cell *)cell)->slots, BS_VECTOR_SLOTS};
}

static bs_children vector_node_children(bs_cell *cell) {
  bs_vector_node *node = (bs_vector_node *)cell;
  return (bs_children){node->items, node->room};
}

static bs_children map_children(bs_cell *cell) {
  return (bs_children){&((bs_map_cell *)cell)->root, 1};
}

static bs_children map_node_children(bs_cell *cell) {
  bs_map_node *node = (bs_map_node *)cell;
  int slots = 2 * __builtin_popcount(node->entries) + __builtin_popcount(node->children);
  return (bs_children){node->slots, (size_t)slots};
}

static bs_children map_collision_children(bs_cell *cell) {
  bs_map_collision *collision = (bs_map_collision *)cell;
  return (bs_children){collision->slots, 2 * collision->count};
}

const bs_kind bs_value_kinds[BS_KIND_COUNT] = {
    [BS_KIND_FLOAT] = {.name = "float"},
    [BS_KIND_INTEGER] = {.name = "integer"},
    [BS_KIND_TEXT] = {.name = "text"},
    [BS_KIND_BYTES] = {.name = "bytes"},
    [BS_KIND_TUPLE] = {.name = "tuple", .children = tuple_children},
    [BS_KIND_VECTOR] = {.name = "vector", .children = vector_children},
    [BS_KIND_VECTOR_NODE] = {.name = "vector node", .children = vector_node_children},
    [BS_KIND_MAP] = {.name = "map", .children = map_children},
    [BS_KIND_MAP_NODE] = {.name = "map node", .children = map_node_children},
    [BS_KIND_MAP_COLLISION] = {.name = "map collision", .children = map_collision_children},
};
