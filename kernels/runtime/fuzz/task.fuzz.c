// Fuzzes tasks: scripts against a plain simulation of them, and in an order of the input's choice.
#include "../test/task-model.h"
#include "../test/task-play.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds) {
  if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static script scripted;
  static script_log played_log;
  static script_log model_log;
  static script_play played;
  static model simulated;
  if (size == 0) return 0;
  script_choices choices = {.bytes = data + 1, .left = size - 1};
  script_make(&scripted, &choices);
  play_start(&played, &scripted, &played_log, task_heap(128 << 10, 0), data[0]);
  need(play_to_end(&played));
  if (data[0] == 0) {
    model_play(&simulated, &scripted, &model_log);
    need(script_same_log(&played_log, &model_log));
  }
  need(play_end(&played));
  return 0;
}
