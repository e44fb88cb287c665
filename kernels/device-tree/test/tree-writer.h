// Writes device trees for the tests, token by token.
#pragma once

#include <basalt/device-tree.h>
#include <string.h>

enum { WRITER_BYTES = 8192 };

/** A tree that is being written. */
typedef struct tree_writer {
  uint8_t structure[WRITER_BYTES];
  uint32_t structure_size;
  uint8_t strings[WRITER_BYTES];
  uint32_t strings_size;
  uint8_t blob[3 * WRITER_BYTES];
  uint32_t blob_size;
} tree_writer;

static inline void put_cell(uint8_t *at, uint32_t cell) {
  for (int i = 0; i < 4; i++)
    at[i] = (uint8_t)(cell >> (24 - 8 * i));
}

static inline void write_cell(tree_writer *writer, uint32_t cell) {
  put_cell(writer->structure + writer->structure_size, cell);
  writer->structure_size += 4;
}

/** Bytes and as many zeros as make it a multiple of four. */
static inline void write_padded(tree_writer *writer, const void *bytes, size_t length) {
  memcpy(writer->structure + writer->structure_size, bytes, length);
  writer->structure_size = (writer->structure_size + (uint32_t)length + 3) & ~3u;
}

static inline void begin_node(tree_writer *writer, const char *name) {
  write_cell(writer, 1);
  write_padded(writer, name, strlen(name) + 1);
}

static inline void end_node(tree_writer *writer) {
  write_cell(writer, 2);
}

static inline void write_property(tree_writer *writer, const char *name, const void *data,
                                  size_t length) {
  write_cell(writer, 3);
  write_cell(writer, (uint32_t)length);
  write_cell(writer, writer->strings_size);
  memcpy(writer->strings + writer->strings_size, name, strlen(name) + 1);
  writer->strings_size += (uint32_t)strlen(name) + 1;
  write_padded(writer, data, length);
}

static inline void write_text(tree_writer *writer, const char *name, const char *text) {
  write_property(writer, name, text, strlen(text) + 1);
}

static inline void write_cells(tree_writer *writer, const char *name, const uint32_t *cells,
                               size_t count) {
  uint8_t data[256];
  for (size_t i = 0; i < count; i++)
    put_cell(data + 4 * i, cells[i]);
  write_property(writer, name, data, 4 * count);
}

/** `write_cells` of the numbers that follow. */
#define write_numbers(writer, name, ...)                                                           \
  write_cells(writer, name, (const uint32_t[]){__VA_ARGS__},                                       \
              sizeof(const uint32_t[]){__VA_ARGS__} / 4)

/** Ends the tree, with one entry of reserved memory; the blob is in the writer. */
static inline void finish_tree(tree_writer *writer) {
  write_cell(writer, 9);
  uint8_t *blob = writer->blob;
  uint32_t structure = 40 + 32;
  uint32_t strings = structure + writer->structure_size;
  writer->blob_size = strings + writer->strings_size;
  const uint32_t header[] = {
      0xd00dfeed,           writer->blob_size,     structure, strings, 40, 17, 16, 0,
      writer->strings_size, writer->structure_size};
  for (int i = 0; i < 10; i++)
    put_cell(blob + 4 * i, header[i]);
  put_cell(blob + 44, 0x5000);
  put_cell(blob + 52, 0x1000);
  memcpy(blob + structure, writer->structure, writer->structure_size);
  memcpy(blob + strings, writer->strings, writer->strings_size);
}
