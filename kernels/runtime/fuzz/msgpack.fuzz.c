// Fuzzes the reader of MessagePack: what is canonical is the encoding of its value, and what is
// read in any form is the same value in the canonical one.
#include <basalt/msgpack.h>

#include "targets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  bs_heap *heap = value_heap(FUZZ_HEAP_BYTES, 0);
  bs_value value;
  bs_value encoded;
  bs_value again;
  bs_msgpack_fault fault;
  bool equal;
  bs_status any = bs_msgpack_decode(heap, data, size, BS_MSGPACK_ANY_FORM, &value, &fault);
  if (any == BS_CORRUPT) fuzz_need(fault.error > BS_MSGPACK_NOT_CANONICAL && fault.offset <= size);
  if (any == BS_OK) {
    if (bs_msgpack_encode(heap, value, &encoded) == BS_OK) {
      const uint8_t *bytes = bs_bytes_data(encoded);
      size_t length = bs_bytes_length(encoded);
      bs_status own = bs_msgpack_decode(heap, bytes, length, BS_MSGPACK_CANONICAL, &again, NULL);
      fuzz_need(own == BS_OK || own == BS_NOMEM);
      if (own == BS_OK) {
        fuzz_need(bs_value_equal(value, again, &equal) == BS_OK && equal);
        bs_release(heap, again);
      }
      bool same = length == size && memcmp(bytes, data, size) == 0;
      bs_status strict = bs_msgpack_decode(heap, data, size, BS_MSGPACK_CANONICAL, &again, NULL);
      fuzz_need(strict == (same ? BS_OK : BS_CORRUPT) || strict == BS_NOMEM);
      if (strict == BS_OK) bs_release(heap, again);
      bs_release(heap, encoded);
    }
    bs_release(heap, value);
  }
  fuzz_need(heap_ends_empty(heap));
  return 0;
}
