// What the parts of the self-test share: a heap, a digest of what came out, and what failed.
#pragma once

#include <basalt/blake3.h>
#include <basalt/loop.h>
#include <basalt/self-test.h>

typedef struct bs_selftest_run {
  bs_heap *heap;
  uint64_t seed;
  const char *failed;
  bs_blake3 digest;
} bs_selftest_run;

typedef struct bs_selftest_part {
  const char *name;
  void (*run)(bs_selftest_run *run);
} bs_selftest_part;

/** Leaves the part, a function that returns nothing, where something does not hold. */
#define BS_DEMAND(run, condition)                                                                  \
  do {                                                                                             \
    if (!(condition)) (run)->failed = (run)->failed == NULL ? #condition : (run)->failed;          \
    if ((run)->failed != NULL) return;                                                             \
  } while (0)

/** Adds to what came out: a number, bytes, a value as its canonical encoding. */
void bs_selftest_number(bs_selftest_run *run, uint64_t number);
void bs_selftest_bytes(bs_selftest_run *run, const void *bytes, size_t length);
void bs_selftest_value(bs_selftest_run *run, bs_value value);

/** The next number below a bound, the same on every machine. */
uint64_t bs_selftest_pick(bs_selftest_run *run, uint64_t bound);

/** A value of any kind, nested so deep at most; BS_NONE where memory is out. */
bs_value bs_selftest_random_value(bs_selftest_run *run, int depth);

void bs_selftest_integers(bs_selftest_run *run);
void bs_selftest_floats(bs_selftest_run *run);
void bs_selftest_texts(bs_selftest_run *run);
void bs_selftest_codecs(bs_selftest_run *run);
void bs_selftest_vectors(bs_selftest_run *run);
void bs_selftest_maps(bs_selftest_run *run);
void bs_selftest_atoms(bs_selftest_run *run);
void bs_selftest_cycles(bs_selftest_run *run);
void bs_selftest_memory(bs_selftest_run *run);
void bs_selftest_generators(bs_selftest_run *run);
void bs_selftest_tasks(bs_selftest_run *run);
