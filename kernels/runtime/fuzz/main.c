// The entry of libFuzzer, for the target that the build names:
//   clang -fsanitize=fuzzer,address,undefined -DFUZZ_TARGET=fuzz_cbor -Iinclude -I../include \
//     fuzz/main.c src/*.c -o fuzz-cbor && ./fuzz-cbor
#include "targets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  FUZZ_TARGET(data, size);
  return 0;
}
