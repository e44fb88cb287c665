// What the native contenders of kernel-collections share: the keys, the order in which they are
// used, and the loop that runs one batch for each line on standard input and prints nanoseconds an
// operation.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH_ITEMS = 100000, KEY_BYTES = 16 };

static char batch_keys[BATCH_ITEMS][KEY_BYTES];
static uint32_t batch_order[BATCH_ITEMS];

typedef struct batch {
  const char *name;
  /** Runs BATCH_ITEMS operations between two calls of batch_now, which it returns the difference
   * of; all else it does is not timed. */
  uint64_t (*run)(void);
} batch;

static inline uint64_t batch_now(void) {
  struct timespec at;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
  return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

/** A fast wrong answer is no answer. */
static inline void batch_need(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "wrong: %s\n", what);
  exit(1);
}

static inline void batch_start(void) {
  uint64_t state = 1;
  for (uint32_t i = 0; i < BATCH_ITEMS; i++) {
    snprintf(batch_keys[i], KEY_BYTES, "key %u", i);
    batch_order[i] = i;
  }
  for (uint32_t i = BATCH_ITEMS - 1; i > 0; i--) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    uint32_t other = (uint32_t)((state >> 33) % (i + 1));
    uint32_t kept = batch_order[i];
    batch_order[i] = batch_order[other];
    batch_order[other] = kept;
  }
}

/** Serves lines that name a batch until the end of the input. */
static inline int batch_serve(const batch *batches, size_t count) {
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = 0;
    size_t at = 0;
    while (at < count && strcmp(batches[at].name, line) != 0)
      at++;
    batch_need(at < count, line);
    printf("%.3f\n", (double)batches[at].run() / BATCH_ITEMS);
    fflush(stdout);
  }
  return 0;
}
