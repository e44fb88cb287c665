// Shared atoms: each operation is what happens while the atom's lock is held.
#include "shared-atom.h"

#include "region.h"

static bs_shared_atom *atom_of(bs_value atom) {
  return (bs_shared_atom *)bs_cell_of(atom);
}

bs_status bs_shared_atom_new(bs_heap *heap, bs_value value, bs_value *out) {
  bs_value shared;
  if (heap->region == NULL) return BS_INVALID;
  bs_status status = bs_share(heap, value, &shared);
  if (status != BS_OK) return status;
  bs_shared_atom *atom = bs_region_alloc(heap->region, BS_KIND_SHARED_ATOM, sizeof *atom);
  if (atom == NULL) {
    bs_release(heap, shared);
    return BS_NOMEM;
  }
  atom->value = shared;
  *out = bs_from_cell(atom);
  return BS_OK;
}

bs_value bs_shared_atom_load(bs_heap *heap, bs_value value) {
  bs_shared_atom *atom = atom_of(value);
  bs_region_lock(heap->region, &atom->lock);
  bs_value loaded = bs_retain(atom->value);
  bs_region_unlock(&atom->lock);
  return loaded;
}

uint64_t bs_shared_atom_version(bs_heap *heap, bs_value value) {
  bs_shared_atom *atom = atom_of(value);
  bs_region_lock(heap->region, &atom->lock);
  uint64_t version = atom->version;
  bs_region_unlock(&atom->lock);
  return version;
}

bs_status bs_shared_atom_swap(bs_heap *heap, bs_value value, bs_value replacement, bs_value *old) {
  bs_shared_atom *atom = atom_of(value);
  bs_value shared;
  bs_status status = bs_share(heap, replacement, &shared);
  if (status != BS_OK) return status;
  bs_region_lock(heap->region, &atom->lock);
  bs_value was = atom->value;
  atom->value = shared;
  atom->version++;
  bs_region_unlock(&atom->lock);
  if (old == NULL)
    bs_release(heap, was);
  else
    *old = was;
  return BS_OK;
}

bs_status bs_shared_atom_compare_and_set(bs_heap *heap, bs_value value, bs_value expected,
                                         bs_value replacement, bool *set) {
  bs_shared_atom *atom = atom_of(value);
  bs_value shared;
  bs_status status = bs_share(heap, replacement, &shared);
  if (status != BS_OK) return status;
  bs_region_lock(heap->region, &atom->lock);
  *set = atom->value == expected;
  if (*set) {
    atom->value = shared;
    atom->version++;
  }
  bs_region_unlock(&atom->lock);
  bs_release(heap, *set ? expected : shared);
  return BS_OK;
}
