// Values as text for tests: JSON, but bytes are h'..', floats that are whole end in ".0", and all
// but printable ASCII stands as \xx in text.
#pragma once

#include <basalt/float-text.h>
#include <basalt/map.h>
#include <basalt/number.h>
#include <basalt/text.h>
#include <basalt/tuple.h>
#include <basalt/vector.h>

#include "value-heap.h"

/** Text that grows up to its room; what is too long is cut off. */
typedef struct {
  char text[8192];
  size_t length;
} value_text;

static inline void put_text(value_text *to, const char *text, size_t length) {
  for (size_t i = 0; i < length && to->length + 1 < sizeof to->text; i++) {
    to->text[to->length++] = text[i];
  }
  to->text[to->length] = 0;
}

static inline void put_word(value_text *to, const char *word) {
  put_text(to, word, strlen(word));
}

static inline void put_hex(value_text *to, const char *before, uint8_t byte) {
  char text[8];
  put_text(to, text, (size_t)snprintf(text, sizeof text, "%s%02x", before, byte));
}

static inline void put_quoted(value_text *to, bs_value text) {
  put_word(to, "\"");
  for (size_t i = 0; i < bs_text_length(text); i++) {
    char c = bs_text_bytes(text)[i];
    if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\')
      put_text(to, &c, 1);
    else
      put_hex(to, "\\", (uint8_t)c);
  }
  put_word(to, "\"");
}

static inline void put_float(value_text *to, double number) {
  char text[BS_FLOAT_TEXT_BYTES];
  size_t length = bs_float_format(number, text);
  put_text(to, text, length);
  bool whole = number != 0;
  for (size_t i = 0; i < length; i++)
    whole = whole && text[i] >= '-' && text[i] <= '9' && text[i] != '.';
  if (whole) put_word(to, ".0");
}

/** Appends the text of a value; what it needs on the way comes from the heap. */
static inline void put_value(value_text *to, bs_heap *heap, bs_value value) {
  bs_value part;
  if (value == BS_NULL)
    put_word(to, "null");
  else if (value == BS_TRUE)
    put_word(to, "true");
  else if (value == BS_FALSE)
    put_word(to, "false");
  else if (bs_is_integer(value)) {
    if (bs_integer_format(heap, value, 10, &part) != BS_OK) abort();
    put_text(to, bs_text_bytes(part), bs_text_length(part));
    bs_release(heap, part);
  } else if (bs_is_kind(value, BS_KIND_FLOAT))
    put_float(to, bs_float_get(value));
  else if (bs_is_kind(value, BS_KIND_TEXT))
    put_quoted(to, value);
  else if (bs_is_kind(value, BS_KIND_BYTES)) {
    put_word(to, "h'");
    for (size_t i = 0; i < bs_bytes_length(value); i++)
      put_hex(to, "", bs_bytes_data(value)[i]);
    put_word(to, "'");
  } else if (bs_is_kind(value, BS_KIND_VECTOR)) {
    put_word(to, "[");
    for (size_t i = 0; i < bs_vector_count(value); i++) {
      if (i > 0) put_word(to, ",");
      put_value(to, heap, bs_vector_get(value, i));
    }
    put_word(to, "]");
  } else {
    if (bs_map_sorted(heap, value, &part) != BS_OK) abort();
    put_word(to, "{");
    for (size_t i = 0; i < bs_tuple_count(part); i += 2) {
      if (i > 0) put_word(to, ",");
      put_quoted(to, bs_tuple_items(part)[i]);
      put_word(to, ":");
      put_value(to, heap, bs_tuple_items(part)[i + 1]);
    }
    put_word(to, "}");
    bs_release(heap, part);
  }
}
