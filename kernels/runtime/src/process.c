// Processes as cells.
#include <basalt/process.h>

#include "atom-cells.h"

enum { FIRST_ROOM = 4 };

static bs_process_cell *cell_of(bs_value process) {
  return (bs_process_cell *)bs_cell_of(process);
}

static bs_process_table *table_of(const bs_process_cell *process) {
  return (bs_process_table *)bs_cell_of(process->table);
}

static bs_atom_cell *atom_of(bs_value atom) {
  return (bs_atom_cell *)bs_cell_of(atom);
}

bs_status bs_process_new(bs_heap *heap, bs_value *out) {
  bs_process_cell *process = bs_alloc(heap, BS_KIND_PROCESS, sizeof *process);
  if (process == NULL) return BS_NOMEM;
  *out = bs_from_cell(process);
  return BS_OK;
}

static bs_process_table *new_table(bs_heap *heap, size_t room) {
  if (room > BS_HEAP_MAX_BYTES / sizeof(bs_value)) return NULL;
  size_t bytes = sizeof(bs_process_table) + room * sizeof(bs_value);
  bs_process_table *table = bs_alloc(heap, BS_KIND_PROCESS_TABLE, bytes);
  if (table != NULL) table->room = room;
  return table;
}

/** Room for one atom more. */
static bs_status grow(bs_heap *heap, bs_process_cell *process) {
  size_t room = process->table == BS_NONE ? 0 : table_of(process)->room;
  if (process->count < room) return BS_OK;
  bs_process_table *grown = new_table(heap, room == 0 ? FIRST_ROOM : 2 * room);
  if (grown == NULL) return BS_NOMEM;
  for (size_t i = 0; i < process->count; i++)
    grown->atoms[i] = bs_retain(table_of(process)->atoms[i]);
  bs_store(heap, &process->cell, &process->table, bs_from_cell(grown));
  return BS_OK;
}

/** Moves an atom to the end of the table, which has room for it. */
static void append(bs_heap *heap, bs_process_cell *process, bs_value atom, size_t *index) {
  bs_process_table *table = table_of(process);
  bs_store(heap, &table->cell, &table->atoms[process->count], atom);
  if (index != NULL) *index = process->count;
  process->count++;
}

/** A new atom that the process owns. */
static bs_status new_owned(bs_heap *heap, bs_process_cell *process, bs_value value, bs_value *out) {
  bs_status status = bs_atom_new(heap, value, out);
  if (status == BS_OK) atom_of(*out)->slots[BS_ATOM_OWNER] = bs_retain(bs_from_cell(process));
  return status;
}

bs_status bs_process_add(bs_heap *heap, bs_value process, bs_value value, size_t *index) {
  bs_process_cell *cell = cell_of(process);
  bs_value atom;
  if (cell->ended) return BS_CLOSED;
  bs_status status = grow(heap, cell);
  if (status == BS_OK) status = new_owned(heap, cell, value, &atom);
  if (status == BS_OK) append(heap, cell, atom, index);
  return status;
}

bs_status bs_process_share(bs_heap *heap, bs_value process, bs_value atom, size_t *index) {
  bs_process_cell *cell = cell_of(process);
  if (cell->ended) return BS_CLOSED;
  if (!bs_is_kind(atom, BS_KIND_ATOM) || bs_atom_owner(atom) == process) return BS_INVALID;
  bs_status status = grow(heap, cell);
  if (status == BS_OK) append(heap, cell, bs_retain(atom), index);
  return status;
}

size_t bs_process_count(bs_value process) {
  return cell_of(process)->count;
}

bs_value bs_process_atom(bs_value process, size_t index) {
  const bs_process_cell *cell = cell_of(process);
  return index < cell->count ? table_of(cell)->atoms[index] : BS_NONE;
}

/** Fills the table of a child, which has room for all atoms of the parent. */
static bs_status copy_atoms(bs_heap *heap, bs_value parent, bs_process_cell *child) {
  const bs_process_cell *from = cell_of(parent);
  for (size_t i = 0; i < from->count; i++) {
    bs_value atom = table_of(from)->atoms[i];
    bs_value copy;
    if (bs_atom_owner(atom) == parent) {
      if (new_owned(heap, child, atom_of(atom)->slots[BS_ATOM_VALUE], &copy) != BS_OK)
        return BS_NOMEM;
    } else {
      copy = bs_retain(atom);
    }
    append(heap, child, copy, NULL);
  }
  return BS_OK;
}

bs_status bs_process_fork(bs_heap *heap, bs_value parent, bs_value *child) {
  const bs_process_cell *from = cell_of(parent);
  bs_value made;
  if (from->ended) return BS_CLOSED;
  if (bs_process_new(heap, &made) != BS_OK) return BS_NOMEM;
  bs_status status = BS_OK;
  if (from->count > 0) {
    bs_process_table *table = new_table(heap, from->count);
    if (table == NULL) status = BS_NOMEM;
    bs_store(heap, bs_cell_of(made), &cell_of(made)->table, bs_from_cell(table));
  }
  if (status == BS_OK) status = copy_atoms(heap, parent, cell_of(made));
  if (status == BS_OK) {
    *child = made;
  } else {
    (void)bs_process_end(heap, made);
    bs_release(heap, made);
  }
  return status;
}

bs_status bs_process_end(bs_heap *heap, bs_value process) {
  bs_process_cell *cell = cell_of(process);
  if (cell->ended) return BS_CLOSED;
  // The atoms may hold its last references.
  bs_value held = bs_retain(process);
  cell->ended = true;
  for (size_t i = 0; i < cell->count; i++) {
    bs_atom_cell *atom = atom_of(table_of(cell)->atoms[i]);
    if (atom->slots[BS_ATOM_OWNER] == process)
      bs_store(heap, &atom->cell, &atom->slots[BS_ATOM_OWNER], BS_NULL);
  }
  cell->count = 0;
  bs_store(heap, &cell->cell, &cell->table, BS_NONE);
  bs_release(heap, held);
  return BS_OK;
}
