// Addresses in a device tree: `reg` of a node, translated through the buses that it is on.
#include "tokens.h"

enum {
  /** Cells of an address or a size where a bus does not say it. */
  DEFAULT_ADDRESS_CELLS = 2,
  DEFAULT_SIZE_CELLS = 1,
};

static bool cells_of(const bs_tree *tree, const bs_tree_node *bus, const char *name,
                     uint32_t unsaid, uint32_t *cells) {
  bs_tree_property property;
  *cells = unsaid;
  if (!bs_tree_property_of(tree, bus, name, &property)) return true;
  return property.length == 4 && bs_tree_cell(property, 0, cells) && *cells <= 2;
}

static uint64_t load_cells(const uint8_t *at, uint32_t cells) {
  if (cells == 0) return 0;
  return cells == 1 ? bs_tree_load(at) : bs_tree_load_wide(at);
}

/** Translates a range on a bus to the bus around it. */
static bool translate(const bs_tree *tree, const bs_tree_node *bus, uint64_t *address,
                      uint64_t size) {
  bs_tree_node around;
  bs_tree_property ranges;
  uint32_t own;
  uint32_t outer;
  uint32_t sizes;
  if (!bs_tree_parent(bus, &around)) return true;
  if (!bs_tree_property_of(tree, bus, "ranges", &ranges)) return false;
  if (ranges.length == 0) return true;
  if (!cells_of(tree, bus, "#address-cells", DEFAULT_ADDRESS_CELLS, &own) ||
      !cells_of(tree, &around, "#address-cells", DEFAULT_ADDRESS_CELLS, &outer) ||
      !cells_of(tree, bus, "#size-cells", DEFAULT_SIZE_CELLS, &sizes))
    return false;
  uint32_t entry = (own + outer + sizes) * 4;
  if (entry == 0) return false;
  for (uint32_t at = 0; entry <= ranges.length - at; at += entry) {
    uint64_t start = load_cells(ranges.data + at, own);
    uint64_t target = load_cells(ranges.data + at + own * 4, outer);
    uint64_t length = load_cells(ranges.data + at + (own + outer) * 4, sizes);
    if (*address < start || size > length || *address - start > length - size) continue;
    return !__builtin_add_overflow(target, *address - start, address);
  }
  return false;
}

bool bs_tree_range(const bs_tree *tree, const bs_tree_node *node, uint32_t index, uint64_t *address,
                   uint64_t *size) {
  bs_tree_node bus;
  bs_tree_property reg;
  uint32_t addresses;
  uint32_t sizes;
  uint64_t end;
  if (!bs_tree_parent(node, &bus) || !bs_tree_property_of(tree, node, "reg", &reg)) return false;
  if (!cells_of(tree, &bus, "#address-cells", DEFAULT_ADDRESS_CELLS, &addresses) ||
      !cells_of(tree, &bus, "#size-cells", DEFAULT_SIZE_CELLS, &sizes))
    return false;
  uint32_t entry = (addresses + sizes) * 4;
  if (addresses == 0 || index >= reg.length / entry) return false;
  const uint8_t *at = reg.data + (size_t)index * entry;
  *address = load_cells(at, addresses);
  *size = load_cells(at + addresses * 4, sizes);
  while (translate(tree, &bus, address, *size)) {
    if (bs_tree_parent(&bus, &bus)) continue;
    return !__builtin_add_overflow(*address, *size, &end);
  }
  return false;
}

bool bs_tree_reserved(const bs_tree *tree, uint32_t index, uint64_t *address, uint64_t *size) {
  if (index >= tree->reserved_count) return false;
  const uint8_t *entry = tree->blob + tree->reserved + (size_t)index * 16;
  *address = bs_tree_load_wide(entry);
  *size = bs_tree_load_wide(entry + 8);
  return true;
}
