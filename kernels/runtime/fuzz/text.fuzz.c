// Fuzzes text, which is cut and joined, and the text of floats.
#include "targets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_text(data, size);
  return 0;
}
