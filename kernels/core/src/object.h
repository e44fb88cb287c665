// Small objects of the kernel: all have one size, begin with a count of references, and come from a
// list of free places that grows by frames.
#pragma once

#include "kernel/entry.h"

/** What each object begins with. */
struct object {
  unsigned references;
};

/** The size of a place. */
enum { OBJECT_BYTES = 256 };

/** Takes a place, zeroed, with one reference; NULL when no memory is left. */
void *object_take(void);

/** Takes one more reference. */
void object_retain(void *object);

/** Gives a reference back; true when it was the last and the caller is to give back the place. */
bool object_released(void *object);

/** Gives a place back. */
void object_give(void *object);
