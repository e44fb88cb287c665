// Atoms: the only cells of the value runtime that change. An atom holds one immutable value, which
// is replaced as a whole.
//
// Who holds the heap of an atom (one thread at a time, see heap.h) is alone with it, so each
// operation is one step that none comes between. Threads or processors that hand a heap over under
// a lock of their host see operations in the order of that lock; those that work at the same time
// share atoms of another kind (shared.h).
#pragma once

#include <basalt/kinds.h>

/** The kinds of cells that atoms and processes (process.h) add. */
enum {
  BS_KIND_ATOM = BS_KIND_COUNT,
  BS_KIND_ATOM_WATCHERS,
  BS_KIND_PROCESS,
  BS_KIND_PROCESS_TABLE,
  BS_KIND_ATOM_COUNT,
};

/** Fills the table of kinds of a heap that has values, atoms and processes. */
void bs_atom_kinds(bs_kind kinds[BS_KIND_ATOM_COUNT]);

/** An atom of a value, of which it takes a reference of its own. Nobody owns it, so that everybody
 * may update it. */
bs_status bs_atom_new(bs_heap *heap, bs_value value, bs_value *out);

/** Its value, with a reference that the caller owns. O(1). */
bs_value bs_atom_load(bs_value atom);

/** The process that owns the atom, borrowed; BS_NONE where nobody does, BS_NULL where the process
 * has ended. */
bs_value bs_atom_owner(bs_value atom);

/** Replaces the value, of which the atom takes a reference of its own. What was there goes to
 * `old`, and is then the caller's; `old` may be NULL. `by` is the process that asks, or BS_NONE.
 *
 * BS_PERMISSION where another process owns the atom, BS_CLOSED where its owner has ended, and
 * BS_BUSY in a watcher of the same atom; the atom is then as it was. O(watchers). */
bs_status bs_atom_swap(bs_heap *heap, bs_value atom, bs_value by, bs_value value, bs_value *old);

/** Replaces the value where it is `expected`, and says through `set` whether it was. Values are
 * compared by identity, which is that of their words: null, booleans and small integers are
 * identical where they are equal, all others where they are the same cell. Fails as bs_atom_swap
 * does, whatever the value is. */
bs_status bs_atom_compare_and_set(bs_heap *heap, bs_value atom, bs_value by, bs_value expected,
                                  bs_value value, bool *set);

/** Watchers that one atom has room for. */
#define BS_ATOM_WATCHERS 8

/** Told after an update by which an atom got another value; both values are borrowed. It may use
 * the heap as it likes, but it can neither update this atom nor change who watches it. */
typedef void (*bs_atom_watcher)(void *context, bs_heap *heap, bs_value atom, bs_value old,
                                bs_value value);

/** Tells a watcher of all updates from now on, in the order of bs_atom_watch. `context` must live
 * as long as it watches. BS_RANGE where the atom has BS_ATOM_WATCHERS already, BS_BUSY in a watcher
 * of the same atom. */
bs_status bs_atom_watch(bs_heap *heap, bs_value atom, bs_atom_watcher watcher, void *context);

/** Ends the first watching by this watcher with this context. BS_NOENT where there is none, BS_BUSY
 * in a watcher of the same atom. */
bs_status bs_atom_unwatch(bs_value atom, bs_atom_watcher watcher, void *context);
