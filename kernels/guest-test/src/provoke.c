// Ends a kernel badly on purpose, so that what is said then can be seen and tested.
#include "kernel/entry.h"
#include "subjects.h"

bool asks_for(const struct boot_info *boot, const char *word) {
  for (const char *at = boot->command_line; *at != 0; at++) {
    size_t length = 0;
    while (word[length] != 0 && at[length] == word[length])
      length++;
    if (word[length] == 0) return true;
  }
  return false;
}

static uint64_t deeper(volatile uint64_t depth) {
  volatile uint8_t room[1024];
  room[depth % sizeof(room)] = (uint8_t)depth;
  return depth == UINT64_MAX ? 0 : deeper(depth + 1) + room[0];
}

void provoke(const struct boot_info *boot) {
  if (asks_for(boot, "provoke=panic")) kernel_panic(NULL, "provoked");
  if (asks_for(boot, "provoke=fault"))
    *(volatile uint64_t *)(uintptr_t)(arch_direct_limit - PAGE_BYTES) = 1;
  if (asks_for(boot, "provoke=overflow")) deeper(0);
  if (asks_for(boot, "provoke=hang"))
    for (;;)
      arch_interrupts_disable();
}
