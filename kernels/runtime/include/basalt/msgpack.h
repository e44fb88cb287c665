// Values as MessagePack (the specification of msgpack.org): to talk to others; what is hashed or
// kept is canonical CBOR (cbor.h).
//
// Each value is written in one way: the shortest form, unsigned where an integer is not negative,
// keys in canonical order (bs_text_compare_keys), and a float that is whole and below 2^53 as the
// integer.
#pragma once

#include <basalt/heap.h>

/** The encoding, as bytes. BS_RANGE for an integer that does not fit into 64 bits, for text, bytes,
 * a list or a map of 2^32 or more, and for what is nested deeper than BS_MAX_DEPTH; BS_INVALID
 * where a part of it is no value. */
bs_status bs_msgpack_encode(bs_heap *heap, bs_value value, bs_value *out);

/** Which encodings are read. */
typedef enum bs_msgpack_form {
  /** Those that bs_msgpack_encode writes, and no others. */
  BS_MSGPACK_CANONICAL,
  /** Also longer forms and other orders of keys, as other writers choose them. */
  BS_MSGPACK_ANY_FORM,
} bs_msgpack_form;

/** Why bytes were refused. */
typedef enum bs_msgpack_error {
  BS_MSGPACK_OK,
  /** Another encoding of the same value is the canonical one. */
  BS_MSGPACK_NOT_CANONICAL,
  /** It is no MessagePack, or it is cut off. */
  BS_MSGPACK_MALFORMED,
  /** Something that is not in the value model: an extension, a key that is no text, a key twice. */
  BS_MSGPACK_UNSUPPORTED,
  /** Nested deeper than BS_MAX_DEPTH. */
  BS_MSGPACK_TOO_DEEP,
} bs_msgpack_error;

/** Where the item at fault starts, and what is wrong with it. */
typedef struct bs_msgpack_fault {
  bs_msgpack_error error;
  size_t offset;
  const char *problem;
} bs_msgpack_fault;

/** The value of bytes that hold exactly one. BS_CORRUPT, and the fault, for all other bytes;
 * `fault` may be NULL. A length is not trusted before that many bytes are there. */
bs_status bs_msgpack_decode(bs_heap *heap, const uint8_t *bytes, size_t length,
                            bs_msgpack_form form, bs_value *out, bs_msgpack_fault *fault);
