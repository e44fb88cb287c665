// Tasks against a plain simulation of them, in any order, with any allocation failing, and
// cancelled at every turn: no value is lost or doubled, and nothing is left behind.
#include "task-model.h"
#include "task-play.h"

static script scripted;
static script_log played_log;
static script_log model_log;
static script_play played;
static model simulated;

enum { HEAP_BYTES = 256 << 10 };

static void make_script(uint64_t seed) {
  script_choices choices = {.seed = seed};
  script_make(&scripted, &choices);
}

static bool does_as_the_model(uint64_t first, uint64_t last) {
  for (uint64_t seed = first; seed < last; seed++) {
    make_script(seed);
    model_play(&simulated, &scripted, &model_log);
    play_start(&played, &scripted, &played_log, task_heap(HEAP_BYTES, 0), 0);
    bool same = play_to_end(&played) && script_same_log(&played_log, &model_log);
    if (!same) printf("# seed %llu\n", (unsigned long long)seed);
    tap_need(same && play_end(&played));
  }
  return true;
}

static bool any_order_loses_nothing(void) {
  for (uint64_t seed = 1; seed <= 400; seed++) {
    make_script(seed);
    play_start(&played, &scripted, &played_log, task_heap(HEAP_BYTES, 0), seed);
    tap_need(play_to_end(&played));
    model_log = played_log;
    tap_need(play_end(&played));
    // The same order comes again.
    play_start(&played, &scripted, &played_log, task_heap(HEAP_BYTES, 0), seed);
    tap_need(play_to_end(&played) && script_same_log(&played_log, &model_log));
    tap_need(play_end(&played));
  }
  return true;
}

/** Cancels each task after each number of turns, until the script is through before. */
static bool cancels_at_every_turn(uint64_t seed) {
  make_script(seed);
  for (int task = 0; task < SCRIPT_TASKS; task++) {
    for (int turns = 0;; turns++) {
      bs_status status = BS_OK;
      play_start(&played, &scripted, &played_log, task_heap(HEAP_BYTES, 0), 0);
      for (int i = 0; i < turns && status == BS_OK; i++)
        status = bs_loop_turn(played.heap, played.loop, true);
      bs_status cancelled = bs_task_cancel(played.heap, played.tasks[task]);
      tap_need(cancelled == (bs_task_ended(played.tasks[task]) ? BS_CLOSED : BS_OK));
      tap_need(heap_is_whole(played.heap));
      tap_need(play_to_end(&played) && play_end(&played));
      if (cancelled == BS_CLOSED || status != BS_OK) break;
    }
  }
  return true;
}

static bool any_allocation_may_fail(uint64_t seed) {
  make_script(seed);
  for (uint64_t fail = 1;; fail++) {
    bs_heap_stats stats;
    play_start(&played, &scripted, &played_log, task_heap(HEAP_BYTES, fail), 0);
    // Where something could not be made, the loop is left alone with tasks that never run.
    if (play_whole(&played)) tap_need(play_to_end(&played));
    bs_heap_statistics(played.heap, &stats);
    bool failed = stats.failed_allocations > 0;
    tap_need(play_end(&played));
    if (!failed) return fail > 10;
  }
}

int main(void) {
  tap_ok(does_as_the_model(1, 4000), "tasks do as a plain simulation of them");
  tap_ok(any_order_loses_nothing(), "in any order of tasks no value is lost or doubled");
  bool cancels = true;
  for (uint64_t seed = 1; seed <= 40; seed++)
    cancels = cancels && cancels_at_every_turn(seed);
  tap_ok(cancels, "a task may be cancelled at every turn");
  bool survived = true;
  for (uint64_t seed = 1; seed <= 30; seed++)
    survived = survived && any_allocation_may_fail(seed);
  tap_ok(survived, "each allocation may fail");
  return tap_done();
}
