// Makes the stack of a task that has not run yet.
#include "kernel/arch.h"
#include "switch-frame.h"

extern const uint8_t task_begin[];

void *arch_task_prepare(void *top, void (*entry)(void *), void *argument) {
  uint8_t *frame = (uint8_t *)top - SWITCH_BYTES;
  uint64_t *words = (uint64_t *)frame;
  for (size_t i = 0; i < SWITCH_BYTES / sizeof(uint64_t); i++)
    words[i] = 0;
  words[SWITCH_X19 / sizeof(uint64_t)] = (uintptr_t)entry;
  words[SWITCH_X19 / sizeof(uint64_t) + 1] = (uintptr_t)argument;
  words[SWITCH_X30 / sizeof(uint64_t)] = (uintptr_t)task_begin;
  return frame;
}
