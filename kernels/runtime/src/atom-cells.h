// The layout of the cells of atoms and processes.
#pragma once

#include <basalt/atom.h>

/** Which of an atom's slots is which. */
enum { BS_ATOM_VALUE, BS_ATOM_OWNER, BS_ATOM_WATCHED, BS_ATOM_SLOTS };

typedef struct {
  bs_cell cell;
  bs_value slots[BS_ATOM_SLOTS];
  /** Its watchers are being told. */
  bool telling;
} bs_atom_cell;

/** Who watches an atom; made for the first of them. */
typedef struct {
  bs_cell cell;
  size_t count;
  struct {
    bs_atom_watcher watcher;
    void *context;
  } list[BS_ATOM_WATCHERS];
} bs_atom_watchers;

/** Room for atoms; what is not used is BS_NONE. */
typedef struct {
  bs_cell cell;
  size_t room;
  bs_value atoms[];
} bs_process_table;

typedef struct {
  bs_cell cell;
  size_t count;
  /** BS_NONE until there is room for an atom. */
  bs_value table;
  bool ended;
} bs_process_cell;
