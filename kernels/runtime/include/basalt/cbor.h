// The canonical encoding of values: deterministic CBOR (RFC 8949, section 4.2.1), in which every
// value has one encoding, byte for byte that of all other runtimes.
//
// A float that is whole and below 2^53 is encoded as the integer, so it comes back as one.
#pragma once

#include <basalt/heap.h>

/** The encoding, as bytes. BS_RANGE for a value that is nested deeper than BS_MAX_DEPTH, BS_INVALID
 * where a part of it is no value. */
bs_status bs_cbor_encode(bs_heap *heap, bs_value value, bs_value *out);

/** Why bytes were refused. */
typedef enum bs_cbor_error {
  BS_CBOR_OK,
  /** Another encoding of the same value is the canonical one. */
  BS_CBOR_NOT_CANONICAL,
  /** It is no CBOR, or it is cut off. */
  BS_CBOR_MALFORMED,
  /** CBOR for something that is not in the value model. */
  BS_CBOR_UNSUPPORTED,
  /** Nested deeper than BS_MAX_DEPTH. */
  BS_CBOR_TOO_DEEP,
} bs_cbor_error;

/** Where the item at fault starts, and what is wrong with it. */
typedef struct bs_cbor_fault {
  bs_cbor_error error;
  size_t offset;
  const char *problem;
} bs_cbor_fault;

/** The value of canonical bytes. BS_CORRUPT, and the fault, for all other bytes; `fault` may be
 * NULL. A length is not trusted before that many bytes are there. */
bs_status bs_cbor_decode(bs_heap *heap, const uint8_t *bytes, size_t length, bs_value *out,
                         bs_cbor_fault *fault);
