// Fuzzes maps: edits against an array, with keys that collide.
#include "targets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_map(data, size);
  return 0;
}
