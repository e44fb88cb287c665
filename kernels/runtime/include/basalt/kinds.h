// The kinds of cells that the values of the runtime are made of, and the table that a heap is set
// up with.
#pragma once

#include <basalt/heap.h>

/** The kind of a cell. A program that adds kinds copies the table and counts on from BS_KIND_COUNT.
 */
enum {
  BS_KIND_FLOAT = 1,
  BS_KIND_INTEGER,
  BS_KIND_TEXT,
  BS_KIND_BYTES,
  BS_KIND_TUPLE,
  BS_KIND_VECTOR,
  BS_KIND_VECTOR_NODE,
  BS_KIND_MAP,
  BS_KIND_MAP_NODE,
  BS_KIND_MAP_COLLISION,
  BS_KIND_COUNT,
};

/** What the heap needs to know about them, indexed by kind. */
extern const bs_kind bs_value_kinds[BS_KIND_COUNT];
