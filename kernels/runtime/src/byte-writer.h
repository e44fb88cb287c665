// Bytes that grow while a codec writes them, in a heap: the cell itself is the result.
#pragma once

#include <basalt/heap.h>
#include <basalt/text.h>

#include "memory.h"
#include "value-cells.h"

typedef struct {
  bs_heap *heap;
  /** Owned; its length is what was written so far. */
  bs_bytes_cell *out;
} bs_byte_writer;

/** Begins with no bytes. BS_NOMEM leaves nothing to end. */
bs_status bs_writer_begin(bs_heap *heap, bs_byte_writer *out);

/** Ends: the bytes are handed to the caller, or given back where writing has failed.
 * @return the status that it is given */
bs_status bs_writer_end(bs_byte_writer *writer, bs_status status, bs_value *out);

/** Room for so many bytes behind what was written; NULL without memory. Whoever fills it adds them
 * to the length. */
uint8_t *bs_writer_reserve(bs_byte_writer *writer, size_t bytes);

/** A first byte, and a number in so many bytes behind it, big-endian. */
bs_status bs_writer_head(bs_byte_writer *writer, uint8_t first, uint64_t number, int bytes);

bs_status bs_writer_bytes(bs_byte_writer *writer, const void *bytes, size_t length);
