// Fuzzes the codec: bytes that are accepted are the encoding of their value.
#include "targets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_cbor(data, size);
  return 0;
}
