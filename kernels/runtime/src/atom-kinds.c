// Where the references are in the cells of atoms and processes.
#include "atom-cells.h"

static bs_children atom_children(bs_cell *cell) {
  return (bs_children){((bs_atom_cell *)cell)->slots, BS_ATOM_SLOTS};
}

static bs_children process_children(bs_cell *cell) {
  return (bs_children){&((bs_process_cell *)cell)->table, 1};
}

static bs_children process_table_children(bs_cell *cell) {
  bs_process_table *table = (bs_process_table *)cell;
  return (bs_children){table->atoms, table->room};
}

void bs_atom_kinds(bs_kind kinds[BS_KIND_ATOM_COUNT]) {
  for (uint32_t i = 0; i < BS_KIND_COUNT; i++)
    kinds[i] = bs_value_kinds[i];
  kinds[BS_KIND_ATOM] = (bs_kind){"atom", atom_children, NULL, true};
  kinds[BS_KIND_ATOM_WATCHERS] = (bs_kind){.name = "atom watchers"};
  kinds[BS_KIND_PROCESS] = (bs_kind){"process", process_children, NULL, true};
  kinds[BS_KIND_PROCESS_TABLE] = (bs_kind){"process table", process_table_children, NULL, true};
}
