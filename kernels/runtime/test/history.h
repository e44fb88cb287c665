// Whether what threads saw of an atom could have happened one after the other (Wing and Gong,
// "Testing and Verifying Concurrent Objects", 1993): a search for an order that respects which call
// ended before which began.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { HISTORY_CALLS = 16, HISTORY_VALUES = 64 };

typedef enum { CALL_LOAD, CALL_SWAP, CALL_COMPARE_AND_SET } call_kind;

/** One call: values are numbers below HISTORY_VALUES, each put in once at most. */
typedef struct call {
  call_kind kind;
  uint64_t began;
  uint64_t ended;
  /** What was put in, or would have been; what was expected; what was loaded or came out. */
  uint8_t value;
  uint8_t expected;
  uint8_t got;
  bool set;
} call;

typedef struct history {
  int count;
  call calls[HISTORY_CALLS];
  /** Calls that are done and the value then, which led nowhere. */
  uint8_t tried[1 << HISTORY_CALLS][HISTORY_VALUES / 8];
} history;

/** What the atom holds after a call, or -1 where the call could not have gone as it did. */
static inline int history_apply(const call *c, int held) {
  if (c->kind == CALL_LOAD) return c->got == held ? held : -1;
  if (c->kind == CALL_SWAP) return c->got == held ? c->value : -1;
  if (c->set != (c->expected == held)) return -1;
  return c->set ? c->value : held;
}

static inline bool history_search(history *h, uint32_t done, int held) {
  if (done == (1u << h->count) - 1) return true;
  uint8_t *tried = &h->tried[done][held / 8];
  if ((*tried >> held % 8 & 1) != 0) return false;
  *tried |= (uint8_t)(1 << held % 8);
  uint64_t first_end = UINT64_MAX;
  for (int i = 0; i < h->count; i++) {
    if ((done >> i & 1) == 0 && h->calls[i].ended < first_end) first_end = h->calls[i].ended;
  }
  for (int i = 0; i < h->count; i++) {
    // One that began after another had ended cannot be before it.
    if ((done >> i & 1) != 0 || h->calls[i].began > first_end) continue;
    int next = history_apply(&h->calls[i], held);
    if (next >= 0 && history_search(h, done | 1u << i, next)) return true;
  }
  return false;
}

/** Whether the calls are linearizable for an atom that held `first`. */
static inline bool history_is_linearizable(history *h, int first) {
  memset(h->tried, 0, sizeof h->tried);
  return history_search(h, 0, first);
}
