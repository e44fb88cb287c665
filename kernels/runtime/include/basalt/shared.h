// Values and atoms that several heaps share: for threads and processors that work at the same time,
// each with a heap of its own.
//
// A region is an arena beside those of the heaps. bs_share copies an immutable value into it, once,
// with all that it holds; from then on every heap of the region may refer to it as to values of its
// own, without copying, and every function that takes values takes it. Its cells differ in their
// counts alone: those are changed by atomic instructions, and who drops the last reference gives
// the memory back to the region, under the region's lock. Copying is what makes this cheap for all
// other values: their counts stay plain, and a heap still needs no lock.
//
// A shared atom holds one shared value. Its operations take effect at one moment each, under a lock
// of its own that is held for a few instructions, so they are linearizable: all threads see them in
// one order, which respects who was done before whom. A load cannot be without that lock: between
// reading the word of a value and counting the reference, another processor could free it. A shared
// value holds no atoms, so that there are no cycles which nobody would collect.
//
// All who use a region must trust each other: they write into it. Between address spaces that do
// not, a value travels as its canonical encoding, and is checked when it is decoded.
#pragma once

#include <basalt/frame.h>

/** The kind of cells that regions add. Programs that add kinds of their own count on from
 * BS_KIND_RUNTIME_COUNT. */
enum {
  BS_KIND_SHARED_ATOM = BS_KIND_TASK_COUNT,
  BS_KIND_RUNTIME_COUNT,
};

/** Fills the table of kinds of a heap that has all that the runtime knows. */
void bs_runtime_kinds(bs_kind kinds[BS_KIND_RUNTIME_COUNT]);

/** A region; it lives at the start of its arena. */
typedef struct bs_region bs_region;

/** How a region is set up. */
typedef struct bs_region_options {
  /** Called again and again by who waits for a lock of the region: lets others go on. NULL for
   * nothing to do. Locks are held for a bounded number of steps, so in a kernel with preemption
   * off.
   */
  void (*relax)(void *context);
  void *context;
  /** Fails this allocation, as in bs_heap_options. */
  uint64_t fail_allocation;
  /** The seed of hashes of all heaps of the region, as in bs_heap_options: shared maps are read
   * with keys of any of them. */
  uint64_t hash_seed;
} bs_region_options;

/** Makes a region in an arena aligned to 16 bytes; heaps that are to refer to it name it in their
 * options. BS_INVALID as of bs_heap_init. The region must outlive its heaps. */
bs_status bs_region_init(void *arena, size_t bytes, const bs_region_options *options,
                         bs_region **out);

/** The seed that it was set up with. */
uint64_t bs_region_hash_seed(const bs_region *region);

/** What a region counted. */
void bs_region_statistics(bs_region *region, bs_heap_stats *out);

/** bs_heap_verify for a region that no thread uses meanwhile. */
bs_status bs_region_verify(bs_region *region, const char **fault);

/** Does all deferred work of a region. */
void bs_region_collect(bs_region *region);

/** Whether the value is a cell of the heap's region. */
bool bs_is_shared(const bs_heap *heap, bs_value value);

/** The value in the region of the heap: itself where it is shared already or no cell, else a copy
 * of it and of all that it holds, what it holds twice copied once. BS_INVALID for what is not of
 * the value model or holds such (an atom, a frame), and in a heap without a region; BS_NOMEM where
 * the heap or the region is full. O(cells). */
bs_status bs_share(bs_heap *heap, bs_value value, bs_value *out);

/** A shared atom of a value, which is shared first. It may be referred to from any heap of the
 * region. */
bs_status bs_shared_atom_new(bs_heap *heap, bs_value value, bs_value *out);

/** Its value, with a reference that the caller owns. O(1). */
bs_value bs_shared_atom_load(bs_heap *heap, bs_value atom);

/** Replaces the value, which is shared first. What was there goes to `old`, and is then the
 * caller's; `old` may be NULL. */
bs_status bs_shared_atom_swap(bs_heap *heap, bs_value atom, bs_value value, bs_value *old);

/** Replaces the value where its word is `expected`, and says through `set` whether it was. A value
 * that was loaded and is held is not replaced by another that looks the same: its cell cannot be
 * used again meanwhile. */
bs_status bs_shared_atom_compare_and_set(bs_heap *heap, bs_value atom, bs_value expected,
                                         bs_value value, bool *set);

/** How often the value was replaced: what has not changed need not be loaded again. */
uint64_t bs_shared_atom_version(bs_heap *heap, bs_value atom);
