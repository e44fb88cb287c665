// How long a single call keeps a program from its work, for the memory manager's sake, in a heap of
// a given size: atoms that refer to each other, whose values are replaced all the time. Prints one
// line of JSON. Arguments: live megabytes, "counting" or "tracing", replacements.
#define _POSIX_C_SOURCE 200809L
#include <basalt/atom.h>
#include <basalt/number.h>
#include <basalt/text.h>
#include <basalt/tuple.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/** A bucket for each sixteenth of a power of two of nanoseconds. */
enum { PARTS = 16, BUCKETS = 64 * PARTS };

static uint64_t histogram[BUCKETS];
static uint64_t calls;
static uint64_t longest;
static bool measures;
static bs_heap *heap;
static uint64_t seed = 1;

/** The time of this thread alone: what the system gives to others meanwhile is no pause of ours. */
static uint64_t now(void) {
  struct timespec at;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
  return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

static uint64_t pick(uint64_t bound) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (seed >> 33) % bound;
}

static int bucket_of(uint64_t time) {
  if (time < PARTS) return (int)time;
  int power = 63 - __builtin_clzll(time);
  return (power - 3) * PARTS + (int)(time >> (power - 4) & (PARTS - 1));
}

static uint64_t bound_of(int bucket) {
  if (bucket < PARTS) return (uint64_t)bucket;
  int power = bucket / PARTS + 3;
  return ((uint64_t)(PARTS + bucket % PARTS + 1) << (power - 4)) - 1;
}

static void note(uint64_t start) {
  if (!measures) return;
  uint64_t time = now() - start;
  histogram[bucket_of(time)]++;
  calls++;
  if (time > longest) longest = time;
}

static uint64_t start_call(void) {
  return measures ? now() : 0;
}

/** Of the heap's own: begins a round of collection now. */
void bs_round_start(bs_heap *heap);

static void need(bs_status status) {
  if (status == BS_OK) return;
  fprintf(stderr, "status %d\n", (int)status);
  exit(1);
}

static void release(bs_value value) {
  uint64_t start = start_call();
  bs_release(heap, value);
  note(start);
}

static bs_value new_tuple(const bs_value *items, size_t count) {
  bs_value made;
  uint64_t start = start_call();
  need(bs_tuple_new(heap, items, count, &made));
  note(start);
  return made;
}

/** A value of a few cells that refers to an atom. */
static bs_value new_value(bs_value atom) {
  bs_value parts[4];
  char text[40];
  int length = snprintf(text, sizeof text, "value number %llu", (unsigned long long)pick(1u << 30));
  uint64_t start = start_call();
  need(bs_text_new(heap, text, (size_t)length, &parts[0]));
  note(start);
  need(bs_float_new(heap, (double)pick(1000), &parts[1]));
  parts[2] = new_tuple(parts, 2);
  parts[3] = atom;
  bs_value whole = new_tuple(parts, 4);
  for (int i = 0; i < 3; i++)
    release(parts[i]);
  return whole;
}

static bs_value new_atom(bs_value value) {
  bs_value made;
  uint64_t start = start_call();
  need(bs_atom_new(heap, value, &made));
  note(start);
  return made;
}

static void swap(bs_value atom, bs_value value) {
  uint64_t start = start_call();
  need(bs_atom_swap(heap, atom, BS_NONE, value, NULL));
  note(start);
  release(value);
}

/** Replaces the value of an atom, and one time in eight the atom, by one that refers to itself. */
static void replace(bs_value *atoms, size_t count) {
  bs_value *chosen = &atoms[pick(count)];
  if (pick(8) == 0) {
    bs_value old = *chosen;
    *chosen = new_atom(BS_NULL);
    swap(*chosen, new_value(*chosen));
    release(old);
  } else {
    swap(*chosen, new_value(atoms[pick(count)]));
  }
}

/** Many of them, while the collector is never idle: what it does in between, not timed, makes
 * rounds short enough for all their phases to be met by calls that are timed. */
static void replace_many(bs_value *atoms, size_t count, size_t times) {
  for (size_t i = 0; i < times; i++) {
    if (!bs_heap_step(heap, 256)) bs_round_start(heap);
    replace(atoms, count);
  }
}

static uint64_t quantile(double part) {
  uint64_t below = 0;
  for (int i = 0; i < BUCKETS; i++) {
    below += histogram[i];
    if ((double)below >= part * (double)calls) return bound_of(i);
  }
  return longest;
}

/** Calls up to each of a few bounds. */
static void print_histogram(void) {
  uint64_t below = 0;
  int at = 0;
  printf("\"histogram\":[");
  for (uint64_t bound = 1000; bound <= 1024000; bound *= 2) {
    for (; at < BUCKETS && bound_of(at) <= bound; at++)
      below += histogram[at];
    printf("%s[%llu,%llu]", bound == 1000 ? "" : ",", (unsigned long long)bound,
           (unsigned long long)below);
  }
  printf("]");
}

int main(int argc, char **argv) {
  static bs_kind kinds[BS_KIND_ATOM_COUNT];
  if (argc != 4) return 2;
  size_t live = (size_t)atol(argv[1]) << 20;
  bool traces = strcmp(argv[2], "tracing") == 0;
  size_t replacements = (size_t)atol(argv[3]);
  size_t bytes = 4 * live + ((size_t)1 << 20);
  bs_atom_kinds(kinds);
  bs_heap_options options = {.kinds = kinds,
                             .kind_count = BS_KIND_ATOM_COUNT,
                             .strategy = traces ? BS_STRATEGY_TRACING : BS_STRATEGY_COUNTING};
  need(bs_heap_init(aligned_alloc(4096, bytes), bytes, &options, &heap));
  // 304 bytes an atom with its value.
  size_t count = live / 304;
  bs_value *atoms = malloc(count * sizeof *atoms);
  for (size_t i = 0; i < count; i++) {
    bs_value value = new_value(i == 0 ? BS_NULL : atoms[pick(i)]);
    atoms[i] = new_atom(value);
    bs_release(heap, value);
  }
  replace_many(atoms, count, replacements / 4);
  measures = true;
  replace_many(atoms, count, replacements);
  measures = false;
  // And what a replacement costs where the heap itself chooses when to collect.
  uint64_t start = now();
  for (size_t i = 0; i < replacements; i++)
    replace(atoms, count);
  double cost = (double)(now() - start) / (double)replacements;
  bs_heap_stats stats;
  bs_heap_statistics(heap, &stats);
  printf("{\"replace\":%.1f,\"p50\":%llu,\"p99\":%llu,\"p999\":%llu,", cost,
         (unsigned long long)quantile(0.5), (unsigned long long)quantile(0.99),
         (unsigned long long)quantile(0.999));
  printf("\"longest\":%llu,\"calls\":%llu,\"peak\":%zu,\"rounds\":%llu,\"collected\":%llu,",
         (unsigned long long)longest, (unsigned long long)calls, stats.peak_bytes,
         (unsigned long long)stats.rounds, (unsigned long long)stats.collected_cells);
  print_histogram();
  printf("}\n");
  return 0;
}
