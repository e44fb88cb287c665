// Processes: a table of atoms on top of values that all processes share. Fork copies the atoms that
// a process owns and nothing else, whatever is in them.
//
// The owner of an atom updates it (bs_atom_swap and bs_atom_compare_and_set with the process as
// `by`), all others that see it read it. An atom that lies within a value is not copied by fork:
// the child sees the atom of its parent there, and its updates are refused.
//
// A process and its atoms refer to each other. The end of a process breaks these cycles; one that
// is only released is collected with the cycles of the heap.
#pragma once

#include <basalt/atom.h>

/** A process without atoms. */
bs_status bs_process_new(bs_heap *heap, bs_value *out);

/** A new atom of a value, owned by the process, at the end of its table; its index through `index`,
 * which may be NULL. BS_CLOSED where the process has ended. O(1) amortised. */
bs_status bs_process_add(bs_heap *heap, bs_value process, bs_value value, size_t *index);

/** Makes an atom of somebody else, or of nobody, visible at the end of the table. BS_INVALID for
 * what is no atom and for an atom that the process owns, BS_CLOSED where the process has ended.
 * O(1) amortised. */
bs_status bs_process_share(bs_heap *heap, bs_value process, bs_value atom, size_t *index);

/** Atoms in the table; 0 for a process that has ended. O(1). */
size_t bs_process_count(bs_value process);

/** The atom at an index, borrowed; BS_NONE beyond the end. O(1). */
bs_value bs_process_atom(bs_value process, size_t index);

/** A process that sees at each index what its parent sees: of an atom that the parent owns, a copy
 * of its own with the same value and without watchers; every other atom itself. BS_CLOSED where the
 * parent has ended. O(atoms): it allocates the process, its table, and a cell for each copy. */
bs_status bs_process_fork(bs_heap *heap, bs_value parent, bs_value *child);

/** Ends a process: it sees no atoms any more, and those that it owned keep their values for all who
 * see them. BS_CLOSED where it has ended before. O(atoms). */
bs_status bs_process_end(bs_heap *heap, bs_value process);
