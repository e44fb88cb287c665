// What holds for values of every kind.
#pragma once

#include <basalt/heap.h>

/** How deep lists and maps may be nested in a value that is compared, encoded or decoded. */
#define BS_MAX_DEPTH 256

/** Whether two values are the same value, which is when their canonical encodings are the same: 1
 * and 1.0 are, NaN and NaN are, 0 and -0 are not; a tuple is the list of its items. BS_RANGE where
 * they are nested deeper than BS_MAX_DEPTH. Cells that both share are not looked into. */
bs_status bs_value_equal(bs_value a, bs_value b, bool *equal);

#define BS_DIGEST_BYTES 32

/** The BLAKE3-256 of a value's canonical encoding: equal values have equal digests on every
 * runtime. Fails as bs_cbor_encode does. */
bs_status bs_value_digest(bs_heap *heap, bs_value value, uint8_t digest[BS_DIGEST_BYTES]);
