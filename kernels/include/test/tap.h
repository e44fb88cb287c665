// The test harness: numbered results in TAP on standard output, and the exit code.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int tap_count;
static int tap_failures;

/** One result. A name is a sentence about what holds. */
#define tap_ok(condition, name)                                                                    \
  do {                                                                                             \
    bool tap_held = (condition);                                                                   \
    printf("%sok %d - %s\n", tap_held ? "" : "not ", ++tap_count, name);                           \
    if (!tap_held) printf("# at %s:%d: %s\n", __FILE__, __LINE__, #condition);                     \
    tap_failures += !tap_held;                                                                     \
  } while (0)

/** Leaves the enclosing function, which returns bool, where something does not hold: for loops that
 * are one result together. */
#define tap_need(condition)                                                                        \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      printf("# at %s:%d: %s\n", __FILE__, __LINE__, #condition);                                  \
      return false;                                                                                \
    }                                                                                              \
  } while (0)

/** Prints the plan; the result is the exit code of the test. */
static inline int tap_done(void) {
  printf("1..%d\n", tap_count);
  return tap_failures == 0 ? 0 : 1;
}

/** The next number of a seeded generator (splitmix64, Steele, Lea and Flood 2014). */
static inline uint64_t tap_random(uint64_t *seed) {
  uint64_t mixed = *seed += 0x9e3779b97f4a7c15ull;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9ull;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebull;
  return mixed ^ mixed >> 31;
}
