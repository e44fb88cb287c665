// The self-test: its parts in order, and the line of each.
#include "self-test-parts.h"

#include <basalt/cbor.h>
#include <basalt/text.h>

enum { LINE_BYTES = 160, DIGEST_BYTES = 16 };

static const bs_selftest_part PARTS[] = {
    {"integers", bs_selftest_integers}, {"floats", bs_selftest_floats},
    {"texts", bs_selftest_texts},       {"codecs", bs_selftest_codecs},
    {"vectors", bs_selftest_vectors},   {"maps", bs_selftest_maps},
    {"atoms", bs_selftest_atoms},       {"cycles", bs_selftest_cycles},
    {"memory", bs_selftest_memory},     {"generators", bs_selftest_generators},
    {"tasks", bs_selftest_tasks},
};

enum { PART_COUNT = sizeof PARTS / sizeof *PARTS };

void bs_selftest_number(bs_selftest_run *run, uint64_t number) {
  uint8_t bytes[8];
  for (int i = 0; i < 8; i++)
    bytes[i] = (uint8_t)(number >> 8 * i);
  bs_blake3_update(&run->digest, bytes, sizeof bytes);
}

void bs_selftest_bytes(bs_selftest_run *run, const void *bytes, size_t length) {
  bs_selftest_number(run, length);
  bs_blake3_update(&run->digest, bytes, length);
}

void bs_selftest_value(bs_selftest_run *run, bs_value value) {
  bs_value encoded;
  BS_DEMAND(run, bs_cbor_encode(run->heap, value, &encoded) == BS_OK);
  bs_selftest_bytes(run, bs_bytes_data(encoded), bs_bytes_length(encoded));
  bs_release(run->heap, encoded);
}

uint64_t bs_selftest_pick(bs_selftest_run *run, uint64_t bound) {
  // splitmix64 (Steele, Lea and Flood 2014)
  uint64_t mixed = run->seed += 0x9e3779b97f4a7c15;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  return (mixed ^ mixed >> 31) % bound;
}

typedef struct {
  char bytes[LINE_BYTES];
  size_t length;
} line;

static void write_text(line *to, const char *text) {
  for (; *text != 0 && to->length < LINE_BYTES; text++)
    to->bytes[to->length++] = *text;
}

static void write_digest(line *to, const bs_blake3 *digest) {
  uint8_t bytes[DIGEST_BYTES];
  bs_blake3_finish(digest, bytes, sizeof bytes);
  for (size_t i = 0; i < sizeof bytes; i++) {
    const char digits[] = {"0123456789abcdef"[bytes[i] >> 4], "0123456789abcdef"[bytes[i] & 15], 0};
    write_text(to, digits);
  }
}

/** Whether nothing is left in the heap, and the heap is whole. */
static void check_end(bs_selftest_run *run) {
  bs_heap_stats stats;
  BS_DEMAND(run, bs_heap_verify(run->heap, NULL) == BS_OK);
  bs_heap_collect(run->heap);
  bs_heap_statistics(run->heap, &stats);
  BS_DEMAND(run, stats.live_cells == 0);
  BS_DEMAND(run, bs_heap_verify(run->heap, NULL) == BS_OK);
}

static void run_part(bs_selftest_run *run, void *arena, const bs_selftest_part *part) {
  bs_kind kinds[BS_KIND_TASK_COUNT];
  bs_heap_options options = {.kinds = kinds, .kind_count = BS_KIND_TASK_COUNT};
  bs_task_kinds(kinds);
  BS_DEMAND(run, bs_heap_init(arena, BS_SELFTEST_BYTES, &options, &run->heap) == BS_OK);
  part->run(run);
  if (run->failed == NULL) check_end(run);
}

size_t bs_selftest(void *arena, size_t bytes, bs_selftest_report report, void *context) {
  size_t failures = 0;
  for (size_t i = 0; i < PART_COUNT; i++) {
    bs_selftest_run run = {.seed = i};
    line to = {.length = 0};
    bs_blake3_init(&run.digest);
    if (bytes < BS_SELFTEST_BYTES)
      run.failed = "the arena is too small";
    else
      run_part(&run, arena, &PARTS[i]);
    write_text(&to, PARTS[i].name);
    write_text(&to, run.failed == NULL ? " " : " failed: ");
    if (run.failed == NULL)
      write_digest(&to, &run.digest);
    else
      write_text(&to, run.failed);
    report(context, to.bytes, to.length);
    failures += run.failed != NULL;
  }
  return failures;
}
