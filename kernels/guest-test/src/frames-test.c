// Frames: taken ones are zero, distinct and counted, runs are in a row, memory ends without harm.
#include "check.h"
#include "kernel/frames.h"
#include "subjects.h"

static bool is_zero(paddr frame) {
  const uint64_t *words = arch_direct(frame);
  for (unsigned i = 0; i < PAGE_BYTES / sizeof(uint64_t); i++)
    if (words[i] != 0) return false;
  return true;
}

static void test_single(void) {
  test_begin("a frame that was written comes back as zeros");
  size_t before = frames_free();
  for (unsigned i = 0; i < 8; i++) {
    paddr frame;
    check(frames_take(&frame));
    check(frame % PAGE_BYTES == 0 && frame != 0 && is_zero(frame));
    *(uint64_t *)arch_direct(frame) = UINT64_MAX;
    check(frames_free() == before - 1);
    frames_give(frame);
  }
  check(frames_free() == before);
}

static void test_runs(void) {
  test_begin("a run is in a row, and is given back in parts");
  size_t before = frames_free();
  paddr run, one;
  check(frames_take_run(33, &run));
  check(frames_take(&one));
  check(one < run || one >= run + 33 * PAGE_BYTES);
  check(is_zero(run) && is_zero(run + 32 * PAGE_BYTES));
  frames_give_run(run, 10);
  frames_give_run(run + 10 * PAGE_BYTES, 23);
  frames_give(one);
  check(frames_free() == before);
}

/** Takes every frame, in a list that runs through the frames themselves. */
static void test_all(void) {
  test_begin("memory ends: the last frame is taken, the next is refused, all come back");
  size_t before = frames_free(), taken = 0;
  paddr list = 0, frame;
  while (frames_take(&frame)) {
    *(paddr *)arch_direct(frame) = list;
    list = frame;
    taken++;
  }
  check(taken == before && frames_free() == 0);
  check(!frames_take_run(1, &frame));
  while (list != 0) {
    frame = list;
    list = *(paddr *)arch_direct(frame);
    frames_give(frame);
  }
  check(frames_free() == before);
}

static void test_refused(void) {
  test_begin("runs of nothing and of more than there is are refused");
  paddr frame;
  check(!frames_take_run(0, &frame));
  check(!frames_take_run(frames_total() + 1, &frame));
  check(!frames_take_run(SIZE_MAX, &frame));
}

void test_frames(void) {
  test_single();
  test_runs();
  test_all();
  test_refused();
}
