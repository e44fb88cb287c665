// MessagePack against vectors of another library and of the specification, against itself on random
// values, with bytes that are refused, and on full heaps.
#include <basalt/msgpack.h>
#include <basalt/tuple.h>
#include <basalt/value.h>

#include "msgpack-vectors.h"
#include "value-random.h"
#include "value-text.h"

static size_t from_hex(const char *hex, uint8_t *out) {
  size_t length = strlen(hex) / 2;
  for (size_t i = 0; i < length; i++) {
    unsigned byte = 0;
    sscanf(hex + 2 * i, "%2x", &byte);
    out[i] = (uint8_t)byte;
  }
  return length;
}

/** Whether the bytes are read as the value, and written as they were where they are canonical. */
static bool reads(bs_heap *heap, const msgpack_vector *vector, bool canonical) {
  uint8_t bytes[1024];
  size_t length = from_hex(vector->hex, bytes);
  bs_value value;
  bs_value encoded;
  bs_msgpack_fault fault;
  bs_status status = bs_msgpack_decode(heap, bytes, length, BS_MSGPACK_CANONICAL, &value, &fault);
  tap_need(status == (canonical ? BS_OK : BS_CORRUPT));
  tap_need(fault.error == (canonical ? BS_MSGPACK_OK : BS_MSGPACK_NOT_CANONICAL));
  if (!canonical) {
    status = bs_msgpack_decode(heap, bytes, length, BS_MSGPACK_ANY_FORM, &value, &fault);
    tap_need(status == BS_OK && fault.error == BS_MSGPACK_OK);
  }
  value_text text = {.length = 0};
  put_value(&text, heap, value);
  if (strcmp(text.text, vector->value) != 0)
    printf("# %s: %s, not %s\n", vector->hex, text.text, vector->value);
  tap_need(strcmp(text.text, vector->value) == 0);
  tap_need(bs_msgpack_encode(heap, value, &encoded) == BS_OK);
  bool same =
      bs_bytes_length(encoded) == length && memcmp(bs_bytes_data(encoded), bytes, length) == 0;
  tap_need(same == canonical && bs_bytes_length(encoded) <= length);
  bs_release(heap, encoded);
  bs_release(heap, value);
  return true;
}

static bool reads_all(const msgpack_vector *vectors, size_t count, bool canonical) {
  bs_heap *heap = value_heap(1 << 20, 0);
  for (size_t i = 0; i < count; i++) {
    if (!reads(heap, &vectors[i], canonical)) {
      printf("# vector %s\n", vectors[i].hex);
      return false;
    }
  }
  return heap_ends_empty(heap);
}

/** By hand from the specification. */
static const msgpack_vector specified_canonical[] = {
    {"ca7fc00000", "NaN"},
    {"ca7f800000", "Infinity"},
    {"caff800000", "-Infinity"},
    {"ca80000000", "-0"},
    {"ca5a000000", "9007199254740992.0"},
    {"cf0000000100000000", "4294967296"},
    {"cf7fffffffffffffff", "9223372036854775807"},
};

static const msgpack_vector specified_longer[] = {
    {"cc01", "1"},
    {"cd00ff", "255"},
    {"ce0000ffff", "65535"},
    {"d07f", "127"},
    {"d0e0", "-32"},
    {"d1ff80", "-128"},
    {"d2ffff8000", "-32768"},
    {"d3ffffffff80000000", "-2147483648"},
    {"d900", "\"\""},
    {"da000161", "\"a\""},
    {"db0000000161", "\"a\""},
    {"c50001ff", "h'ff'"},
    {"c600000001ff", "h'ff'"},
    {"dc000101", "[1]"},
    {"dd0000000101", "[1]"},
    {"de0001a16101", "{\"a\":1}"},
    {"df00000001d9016101", "{\"a\":1}"},
    {"ca3f800000", "1"},
    {"ca7fc00001", "NaN"},
    {"82a16201a16102", "{\"a\":2,\"b\":1}"},
};

#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))

static bool refuses(void) {
  static const struct {
    const char *hex;
    bs_msgpack_error error;
    size_t offset;
  } cases[] = {
      {"", BS_MSGPACK_MALFORMED, 0},
      {"c1", BS_MSGPACK_MALFORMED, 0},
      {"92c0c1", BS_MSGPACK_MALFORMED, 2},
      {"c0c0", BS_MSGPACK_MALFORMED, 1},
      {"cd01", BS_MSGPACK_MALFORMED, 0},
      {"91d3ffffff", BS_MSGPACK_MALFORMED, 1},
      {"cb00", BS_MSGPACK_MALFORMED, 0},
      {"a261", BS_MSGPACK_MALFORMED, 0},
      {"a1ff", BS_MSGPACK_MALFORMED, 0},
      {"dbffffffff", BS_MSGPACK_MALFORMED, 0},
      {"c6ffffffff00", BS_MSGPACK_MALFORMED, 0},
      {"ddffffffff01", BS_MSGPACK_MALFORMED, 0},
      {"dfffffffffa161", BS_MSGPACK_MALFORMED, 0},
      {"82a16101", BS_MSGPACK_MALFORMED, 0},
      {"81a161", BS_MSGPACK_MALFORMED, 3},
      {"8201a1610102", BS_MSGPACK_UNSUPPORTED, 1},
      {"81c4016101", BS_MSGPACK_UNSUPPORTED, 1},
      {"82a16101a16102", BS_MSGPACK_UNSUPPORTED, 4},
      {"91d40001", BS_MSGPACK_UNSUPPORTED, 1},
      {"d6ff00000000", BS_MSGPACK_UNSUPPORTED, 0},
      {"c7000a", BS_MSGPACK_UNSUPPORTED, 0},
      {"c9ffffffff01", BS_MSGPACK_UNSUPPORTED, 0},
  };
  bs_heap *heap = value_heap(1 << 20, 0);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    uint8_t bytes[64];
    size_t length = from_hex(cases[i].hex, bytes);
    for (int form = BS_MSGPACK_CANONICAL; form <= BS_MSGPACK_ANY_FORM; form++) {
      bs_value value = BS_NONE;
      bs_msgpack_fault fault;
      bs_status status =
          bs_msgpack_decode(heap, bytes, length, (bs_msgpack_form)form, &value, &fault);
      bool held = status == BS_CORRUPT && value == BS_NONE && fault.error == cases[i].error &&
                  fault.offset == cases[i].offset && fault.problem[0] != 0;
      if (!held) printf("# %s: %d at %zu\n", cases[i].hex, (int)fault.error, fault.offset);
      tap_need(held);
    }
  }
  return heap_ends_empty(heap);
}

/** Encodes a value that it takes over, reads it back, and compares; its first byte is `first`. */
static bool comes_back(bs_heap *heap, bs_value value, uint8_t first, size_t length) {
  bs_value encoded;
  bs_value decoded;
  bool equal = false;
  tap_need(bs_msgpack_encode(heap, value, &encoded) == BS_OK);
  const uint8_t *bytes = bs_bytes_data(encoded);
  tap_need(bs_bytes_length(encoded) == length && bytes[0] == first);
  tap_need(bs_msgpack_decode(heap, bytes, length, BS_MSGPACK_CANONICAL, &decoded, NULL) == BS_OK);
  tap_need(bs_value_equal(value, decoded, &equal) == BS_OK && equal);
  bs_release(heap, encoded);
  bs_release(heap, decoded);
  bs_release(heap, value);
  return true;
}

static bool takes_the_shortest_head(void) {
  bs_heap *heap = value_heap(16 << 20, 0);
  static char zeros[65536];
  bs_value value;
  for (size_t length = 65535; length <= 65536; length++) {
    bool wide = length == 65536;
    size_t head = wide ? 5 : 3;
    tap_need(bs_text_new(heap, zeros, length, &value) == BS_OK);
    tap_need(comes_back(heap, value, wide ? 0xdb : 0xda, head + length));
    tap_need(bs_bytes_new(heap, NULL, length, &value) == BS_OK);
    tap_need(comes_back(heap, value, wide ? 0xc6 : 0xc5, head + length));
    tap_need(bs_tuple_new(heap, NULL, length, &value) == BS_OK);
    tap_need(comes_back(heap, value, wide ? 0xdd : 0xdc, head + length));
    tap_need(bs_map_new(heap, &value) == BS_OK);
    for (size_t i = 0; i < length; i++) {
      char key[8];
      bs_value text;
      snprintf(key, sizeof key, "%05zu", i);
      tap_need(bs_text_new(heap, key, 5, &text) == BS_OK);
      tap_need(bs_map_set(heap, &value, text, BS_TRUE) == BS_OK);
      bs_release(heap, text);
    }
    tap_need(comes_back(heap, value, wide ? 0xdf : 0xde, head + 7 * length));
  }
  return heap_ends_empty(heap);
}

/** Whether a value has an integer that MessagePack cannot hold. */
static bool is_too_wide(bs_heap *heap, bs_value value) {
  if (bs_is_kind(value, BS_KIND_INTEGER)) {
    int64_t small;
    if (bs_integer_to_int64(value, &small)) return false;
    return bs_integer_is_negative(value) || bs_integer_byte_length(value) > 8;
  }
  bool found = false;
  if (bs_is_kind(value, BS_KIND_VECTOR)) {
    for (size_t i = 0; i < bs_vector_count(value); i++)
      found = found || is_too_wide(heap, bs_vector_get(value, i));
  } else if (bs_is_kind(value, BS_KIND_MAP)) {
    bs_map_walk walk;
    bs_value key;
    bs_value item;
    bs_map_walk_start(&walk, value);
    while (bs_map_walk_next(&walk, &key, &item))
      found = found || is_too_wide(heap, item);
  }
  return found;
}

static bool round_trips(uint64_t seed) {
  bs_heap *heap = value_heap(8 << 20, 0);
  int kept = 0;
  for (int i = 0; i < 400; i++) {
    bs_value value;
    bs_value encoded;
    bs_value decoded;
    bs_msgpack_fault fault;
    bool equal;
    tap_need(random_value(heap, &seed, i % 3, &value) == BS_OK);
    bs_status status = bs_msgpack_encode(heap, value, &encoded);
    tap_need(status == (is_too_wide(heap, value) ? BS_RANGE : BS_OK));
    if (status == BS_OK) {
      const uint8_t *bytes = bs_bytes_data(encoded);
      size_t length = bs_bytes_length(encoded);
      size_t cut = tap_random(&seed) % length;
      for (int form = BS_MSGPACK_CANONICAL; form <= BS_MSGPACK_ANY_FORM; form++) {
        bs_msgpack_form as = (bs_msgpack_form)form;
        tap_need(bs_msgpack_decode(heap, bytes, length, as, &decoded, NULL) == BS_OK);
        tap_need(bs_value_equal(value, decoded, &equal) == BS_OK && equal);
        bs_release(heap, decoded);
        // Cut off anywhere it is refused.
        tap_need(bs_msgpack_decode(heap, bytes, cut, as, &decoded, &fault) == BS_CORRUPT);
        tap_need(fault.error == BS_MSGPACK_MALFORMED && fault.offset <= cut);
      }
      bs_release(heap, encoded);
      kept++;
    }
    bs_release(heap, value);
  }
  tap_need(kept > 100);
  return heap_ends_empty(heap);
}

static bool bounds(void) {
  bs_heap *heap = value_heap(1 << 20, 0);
  uint8_t bytes[BS_MAX_DEPTH + 2];
  bs_value value;
  bs_value encoded;
  bs_msgpack_fault fault;
  memset(bytes, 0x91, sizeof bytes);
  bytes[BS_MAX_DEPTH] = 0xc0;
  tap_need(bs_msgpack_decode(heap, bytes, BS_MAX_DEPTH + 1, BS_MSGPACK_CANONICAL, &value, NULL) ==
           BS_OK);
  tap_need(bs_msgpack_encode(heap, value, &encoded) == BS_OK);
  tap_need(memcmp(bs_bytes_data(encoded), bytes, BS_MAX_DEPTH + 1) == 0);
  bs_release(heap, encoded);
  bs_value outer;
  tap_need(bs_tuple_new(heap, &value, 1, &outer) == BS_OK);
  bs_release(heap, value);
  tap_need(bs_msgpack_encode(heap, outer, &encoded) == BS_RANGE);
  bs_release(heap, outer);
  bytes[BS_MAX_DEPTH] = 0x91;
  bytes[BS_MAX_DEPTH + 1] = 0xc0;
  tap_need(bs_msgpack_decode(heap, bytes, sizeof bytes, BS_MSGPACK_CANONICAL, &value, &fault) ==
           BS_CORRUPT);
  tap_need(fault.error == BS_MSGPACK_TOO_DEEP && fault.offset == BS_MAX_DEPTH);
  tap_need(bs_msgpack_encode(heap, BS_NONE, &encoded) == BS_INVALID);
  static const char *const beyond[] = {"18446744073709551616", "-9223372036854775809"};
  for (size_t i = 0; i < 2; i++) {
    tap_need(bs_integer_parse(heap, beyond[i], strlen(beyond[i]), 10, &value) == BS_OK);
    tap_need(bs_msgpack_encode(heap, value, &encoded) == BS_RANGE);
    bs_release(heap, value);
  }
  return heap_ends_empty(heap);
}

/** Reads and writes a value of all kinds, long enough to grow. */
static bs_status code(bs_heap *heap) {
  uint8_t bytes[1024];
  static const char hex[] = "83a161cfffffffffffffffffa162dc00109fc0c0c0c0c0c0c0c0c0c0c0c0c0c0"
                            "c0d3efffffffffffffffcb3fb999999999999aca3f000000c403010203a36162"
                            "63a1789fc0c0c0c0c0c0c0c0c0c0c0c0c0c0c081a17a0190909090909090a163"
                            "c3";
  size_t length = from_hex(hex, bytes);
  bs_value value;
  bs_value encoded;
  bs_status status = bs_msgpack_decode(heap, bytes, length, BS_MSGPACK_CANONICAL, &value, NULL);
  if (status != BS_OK) return status;
  status = bs_msgpack_encode(heap, value, &encoded);
  bs_release(heap, value);
  if (status != BS_OK) return status;
  bool same =
      bs_bytes_length(encoded) == length && memcmp(bs_bytes_data(encoded), bytes, length) == 0;
  bs_release(heap, encoded);
  return same ? BS_OK : BS_CORRUPT;
}

/** Each allocation fails in turn, until none does. */
static bool survives(void) {
  for (uint64_t fail = 1;; fail++) {
    bs_heap_stats stats;
    bs_heap *heap = value_heap(512 << 10, fail);
    bs_status status = code(heap);
    bs_heap_statistics(heap, &stats);
    bool failed = stats.failed_allocations > 0;
    if (status != (failed ? BS_NOMEM : BS_OK)) printf("# allocation %d: %d\n", (int)fail, status);
    tap_need(status == (failed ? BS_NOMEM : BS_OK));
    tap_need(heap_ends_empty(heap));
    if (!failed) return fail > 1;
  }
}

int main(void) {
  tap_ok(reads_all(canonical_vectors, COUNT_OF(canonical_vectors), true),
         "shortest forms of another library");
  tap_ok(reads_all(specified_canonical, COUNT_OF(specified_canonical), true),
         "shortest forms of the specification");
  tap_ok(reads_all(longer_vectors, COUNT_OF(longer_vectors), false),
         "longer forms of another library are read where any form is");
  tap_ok(reads_all(specified_longer, COUNT_OF(specified_longer), false),
         "longer forms of the specification are read where any form is");
  tap_ok(refuses(), "what is refused, with error and offset, in both forms");
  tap_ok(takes_the_shortest_head(), "the shortest head is taken at 2^16");
  for (uint64_t seed = 1; seed <= 4; seed++)
    tap_ok(round_trips(seed), "random values come back, and cut off they are refused");
  tap_ok(bounds(), "nesting and integers are bounded");
  tap_ok(survives(), "each allocation may fail");
  return tap_done();
}
