// Atoms as cells.
#include <basalt/atom.h>

#include "atom-cells.h"

static bs_atom_cell *cell_of(bs_value atom) {
  return (bs_atom_cell *)bs_cell_of(atom);
}

static bs_atom_watchers *watchers_of(const bs_atom_cell *atom) {
  return (bs_atom_watchers *)bs_cell_of(atom->slots[BS_ATOM_WATCHED]);
}

bs_status bs_atom_new(bs_heap *heap, bs_value value, bs_value *out) {
  bs_atom_cell *atom = bs_alloc(heap, BS_KIND_ATOM, sizeof *atom);
  if (atom == NULL) return BS_NOMEM;
  atom->slots[BS_ATOM_VALUE] = bs_retain(value);
  *out = bs_from_cell(atom);
  return BS_OK;
}

bs_value bs_atom_load(bs_value atom) {
  return bs_retain(cell_of(atom)->slots[BS_ATOM_VALUE]);
}

bs_value bs_atom_owner(bs_value atom) {
  return cell_of(atom)->slots[BS_ATOM_OWNER];
}

static bs_status may_update(const bs_atom_cell *atom, bs_value by) {
  bs_value owner = atom->slots[BS_ATOM_OWNER];
  if (owner == BS_NULL) return BS_CLOSED;
  if (owner != BS_NONE && owner != by) return BS_PERMISSION;
  return atom->telling ? BS_BUSY : BS_OK;
}

static void tell(bs_heap *heap, bs_atom_cell *atom, bs_value old, bs_value value) {
  if (atom->slots[BS_ATOM_WATCHED] == BS_NONE || old == value) return;
  // A watcher may let go of the atom.
  bs_value held = bs_retain(bs_from_cell(atom));
  bs_atom_watchers *watchers = watchers_of(atom);
  atom->telling = true;
  for (size_t i = 0; i < watchers->count; i++)
    watchers->list[i].watcher(watchers->list[i].context, heap, held, old, value);
  atom->telling = false;
  bs_release(heap, held);
}

/** Puts the value in and returns what was there, which the caller then owns. */
static bs_value replace(bs_heap *heap, bs_atom_cell *atom, bs_value value) {
  bs_value old = bs_exchange(heap, &atom->cell, &atom->slots[BS_ATOM_VALUE], bs_retain(value));
  tell(heap, atom, old, value);
  return old;
}

bs_status bs_atom_swap(bs_heap *heap, bs_value atom, bs_value by, bs_value value, bs_value *old) {
  bs_status status = may_update(cell_of(atom), by);
  if (status != BS_OK) return status;
  bs_value was = replace(heap, cell_of(atom), value);
  if (old == NULL)
    bs_release(heap, was);
  else
    *old = was;
  return BS_OK;
}

bs_status bs_atom_compare_and_set(bs_heap *heap, bs_value atom, bs_value by, bs_value expected,
                                  bs_value value, bool *set) {
  bs_status status = may_update(cell_of(atom), by);
  if (status != BS_OK) return status;
  *set = cell_of(atom)->slots[BS_ATOM_VALUE] == expected;
  if (*set) bs_release(heap, replace(heap, cell_of(atom), value));
  return BS_OK;
}

bs_status bs_atom_watch(bs_heap *heap, bs_value value, bs_atom_watcher watcher, void *context) {
  bs_atom_cell *atom = cell_of(value);
  if (atom->telling) return BS_BUSY;
  if (atom->slots[BS_ATOM_WATCHED] == BS_NONE) {
    bs_atom_watchers *made = bs_alloc(heap, BS_KIND_ATOM_WATCHERS, sizeof *made);
    if (made == NULL) return BS_NOMEM;
    bs_store(heap, &atom->cell, &atom->slots[BS_ATOM_WATCHED], bs_from_cell(made));
  }
  bs_atom_watchers *watchers = watchers_of(atom);
  if (watchers->count == BS_ATOM_WATCHERS) return BS_RANGE;
  watchers->list[watchers->count].watcher = watcher;
  watchers->list[watchers->count++].context = context;
  return BS_OK;
}

bs_status bs_atom_unwatch(bs_value value, bs_atom_watcher watcher, void *context) {
  bs_atom_cell *atom = cell_of(value);
  if (atom->telling) return BS_BUSY;
  if (atom->slots[BS_ATOM_WATCHED] == BS_NONE) return BS_NOENT;
  bs_atom_watchers *watchers = watchers_of(atom);
  size_t at = 0;
  while (at < watchers->count &&
         (watchers->list[at].watcher != watcher || watchers->list[at].context != context))
    at++;
  if (at == watchers->count) return BS_NOENT;
  for (watchers->count--; at < watchers->count; at++)
    watchers->list[at] = watchers->list[at + 1];
  return BS_OK;
}
