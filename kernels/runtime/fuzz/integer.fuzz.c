// Fuzzes integers: division undone by multiplication, text by reading.
#include "targets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_integer(data, size);
  return 0;
}
