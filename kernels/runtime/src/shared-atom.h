// The layout of the cell of a shared atom.
#pragma once

#include <basalt/shared.h>

typedef struct bs_shared_atom {
  bs_cell cell;
  /** Not 0 while somebody reads or writes the rest. */
  uint32_t lock;
  uint64_t version;
  bs_value value;
} bs_shared_atom;

static inline bs_children bs_shared_atom_children(bs_cell *cell) {
  return (bs_children){&((bs_shared_atom *)cell)->value, 1};
}
