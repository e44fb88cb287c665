// Bytes that grow while a codec writes them: their room doubles, so that each byte is copied twice
// at the most, in the mean.
#include "byte-writer.h"

/** A head is its first byte, and at most a number of 64 bits behind it. */
enum { START_BYTES = 64, HEAD_BYTES = 9 };

uint8_t *bs_writer_reserve(bs_byte_writer *writer, size_t bytes) {
  size_t used = writer->out->length;
  size_t room = bs_capacity(writer->heap, &writer->out->cell) - sizeof(bs_bytes_cell);
  if (bytes > room - used) {
    bs_value grown;
    if (bytes > BS_HEAP_MAX_BYTES) return NULL;
    size_t length = used + bytes > 2 * room ? used + bytes : 2 * room;
    if (bs_bytes_new(writer->heap, NULL, length, &grown) != BS_OK) return NULL;
    bs_bytes_cell *cell = (bs_bytes_cell *)bs_cell_of(grown);
    bs_copy(cell->bytes, writer->out->bytes, used);
    cell->length = used;
    bs_release(writer->heap, bs_from_cell(writer->out));
    writer->out = cell;
  }
  return writer->out->bytes + used;
}

bs_status bs_writer_begin(bs_heap *heap, bs_byte_writer *out) {
  bs_value start;
  if (bs_bytes_new(heap, NULL, START_BYTES, &start) != BS_OK) return BS_NOMEM;
  *out = (bs_byte_writer){heap, (bs_bytes_cell *)bs_cell_of(start)};
  out->out->length = 0;
  return BS_OK;
}

bs_status bs_writer_end(bs_byte_writer *writer, bs_status status, bs_value *out) {
  if (status == BS_OK)
    *out = bs_from_cell(writer->out);
  else
    bs_release(writer->heap, bs_from_cell(writer->out));
  return status;
}

bs_status bs_writer_head(bs_byte_writer *writer, uint8_t first, uint64_t number, int bytes) {
  uint8_t *at = bs_writer_reserve(writer, HEAD_BYTES);
  if (at == NULL) return BS_NOMEM;
  at[0] = first;
  for (int i = 0; i < bytes; i++)
    at[1 + i] = (uint8_t)(number >> (8 * (bytes - 1 - i)));
  writer->out->length += 1 + (size_t)bytes;
  return BS_OK;
}

bs_status bs_writer_bytes(bs_byte_writer *writer, const void *bytes, size_t length) {
  uint8_t *at = bs_writer_reserve(writer, length);
  if (at == NULL) return BS_NOMEM;
  bs_copy(at, bytes, length);
  writer->out->length += length;
  return BS_OK;
}
