// The parts of the self-test about numbers, texts and codecs.
#include <basalt/cbor.h>
#include <basalt/float-text.h>
#include <basalt/map.h>
#include <basalt/msgpack.h>
#include <basalt/number.h>
#include <basalt/text.h>
#include <basalt/value.h>
#include <basalt/vector.h>

#include "float-bits.h"
#include "self-test-parts.h"

/** An integer of up to 40 bytes, many of them zeros and ones, where carries go far. */
static bs_value random_integer(bs_selftest_run *run) {
  uint8_t bytes[40];
  size_t length = bs_selftest_pick(run, sizeof bytes);
  bs_value made;
  for (size_t i = 0; i < length; i++) {
    uint64_t choice = bs_selftest_pick(run, 4);
    bytes[i] = choice < 2 ? (uint8_t)(0 - choice) : (uint8_t)bs_selftest_pick(run, 256);
  }
  bool negative = bs_selftest_pick(run, 2) == 1;
  bs_status status = bs_integer_from_bytes(run->heap, negative, bytes, length, &made);
  return status == BS_OK ? made : BS_NONE;
}

/** Any bits of a float but those of NaN, of which machines have several. */
static bs_value random_float(bs_selftest_run *run) {
  bs_value made;
  uint64_t bits = bs_selftest_pick(run, UINT64_MAX);
  double number = bs_float_from_bits(bits);
  if (number != number) number = 0.1;
  if (bs_selftest_pick(run, 2) == 0) number = (double)(int64_t)(bits >> 40) / 8;
  return bs_float_new(run->heap, number, &made) == BS_OK ? made : BS_NONE;
}

static bs_value random_text(bs_selftest_run *run) {
  static const char *const pieces[] = {"a",
                                       "key",
                                       "\xc3\xbc",
                                       "\xe6\xb0\xb4",
                                       "\xf0\x90\x85\x91",
                                       "",
                                       "0123456789abcdef0123456789abcdef"};
  char text[8 * 32];
  size_t length = 0;
  bs_value made;
  for (uint64_t left = bs_selftest_pick(run, 8); left > 0; left--) {
    for (const char *piece = pieces[bs_selftest_pick(run, 7)]; *piece != 0; piece++)
      text[length++] = *piece;
  }
  return bs_text_new(run->heap, text, length, &made) == BS_OK ? made : BS_NONE;
}

static bs_value random_list(bs_selftest_run *run, int depth) {
  bs_value list;
  if (bs_vector_new(run->heap, &list) != BS_OK) return BS_NONE;
  for (uint64_t left = bs_selftest_pick(run, 40); left > 0; left--) {
    bs_value item = bs_selftest_random_value(run, depth - 1);
    if (item != BS_NONE) (void)bs_vector_push(run->heap, &list, item);
    bs_release(run->heap, item);
  }
  return list;
}

static bs_value random_map(bs_selftest_run *run, int depth) {
  bs_value map;
  if (bs_map_new(run->heap, &map) != BS_OK) return BS_NONE;
  for (uint64_t left = bs_selftest_pick(run, 12); left > 0; left--) {
    bs_value key = random_text(run);
    bs_value item = bs_selftest_random_value(run, depth - 1);
    if (key != BS_NONE && item != BS_NONE) (void)bs_map_set(run->heap, &map, key, item);
    bs_release(run->heap, key);
    bs_release(run->heap, item);
  }
  return map;
}

bs_value bs_selftest_random_value(bs_selftest_run *run, int depth) {
  switch (bs_selftest_pick(run, depth > 0 ? 7 : 5)) {
  case 0:
    return bs_from_bool(bs_selftest_pick(run, 2) == 0);
  case 1:
    return random_integer(run);
  case 2:
    return random_float(run);
  case 3:
    return random_text(run);
  case 4:
    return BS_NULL;
  case 5:
    return random_list(run, depth);
  default:
    return random_map(run, depth);
  }
}

static void text_of_integer(bs_selftest_run *run, bs_value integer, int base) {
  bs_value text;
  bs_value back;
  BS_DEMAND(run, bs_integer_format(run->heap, integer, base, &text) == BS_OK);
  const char *digits = bs_text_bytes(text);
  size_t length = bs_text_length(text);
  bs_selftest_bytes(run, digits, length);
  BS_DEMAND(run, bs_integer_parse(run->heap, digits, length, base, &back) == BS_OK);
  BS_DEMAND(run, bs_integer_compare(integer, back) == 0);
  bs_release(run->heap, text);
  bs_release(run->heap, back);
}

static void divide(bs_selftest_run *run, bs_value a, bs_value b) {
  bs_value quotient;
  bs_value rest;
  bs_value product;
  bs_value sum;
  BS_DEMAND(run, bs_integer_divide(run->heap, a, b, &quotient, &rest) == BS_OK);
  BS_DEMAND(run, bs_integer_multiply(run->heap, quotient, b, &product) == BS_OK);
  BS_DEMAND(run, bs_integer_add(run->heap, product, rest, &sum) == BS_OK);
  BS_DEMAND(run, bs_integer_compare(sum, a) == 0);
  bs_selftest_value(run, quotient);
  bs_selftest_value(run, rest);
  const bs_value owned[] = {quotient, rest, product, sum};
  for (int i = 0; i < 4; i++)
    bs_release(run->heap, owned[i]);
}

void bs_selftest_integers(bs_selftest_run *run) {
  bs_value factorial = bs_from_small(1);
  for (int64_t i = 2; i <= 100; i++) {
    bs_value next;
    BS_DEMAND(run, bs_integer_multiply(run->heap, factorial, bs_from_small(i), &next) == BS_OK);
    bs_release(run->heap, factorial);
    factorial = next;
  }
  text_of_integer(run, factorial, 10);
  bs_release(run->heap, factorial);
  for (int turn = 0; turn < 200; turn++) {
    bs_value a = random_integer(run);
    bs_value b = random_integer(run);
    BS_DEMAND(run, a != BS_NONE && b != BS_NONE);
    text_of_integer(run, a, 2 + turn % 35);
    if (b != bs_from_small(0)) divide(run, a, b);
    bs_release(run->heap, a);
    bs_release(run->heap, b);
    if (run->failed != NULL) return;
  }
}

void bs_selftest_floats(bs_selftest_run *run) {
  for (int turn = 0; turn < 500; turn++) {
    char text[BS_FLOAT_TEXT_BYTES];
    double back;
    bs_value number = random_float(run);
    BS_DEMAND(run, number != BS_NONE);
    size_t length = bs_float_format(bs_float_get(number), text);
    bs_selftest_bytes(run, text, length);
    BS_DEMAND(run, bs_float_parse(text, length, &back));
    BS_DEMAND(run, bs_float_to_bits(back) == bs_float_to_bits(bs_float_get(number)));
    bs_selftest_value(run, number);
    bs_release(run->heap, number);
  }
}

void bs_selftest_texts(bs_selftest_run *run) {
  for (int turn = 0; turn < 200; turn++) {
    bs_value parts[2];
    bs_value joined;
    bs_value text = random_text(run);
    BS_DEMAND(run, text != BS_NONE);
    size_t points = bs_text_points(text);
    size_t cut = bs_selftest_pick(run, points + 1);
    BS_DEMAND(run, bs_text_slice(run->heap, text, 0, cut, &parts[0]) == BS_OK);
    BS_DEMAND(run, bs_text_slice(run->heap, text, cut, points, &parts[1]) == BS_OK);
    BS_DEMAND(run, bs_text_concat(run->heap, parts[0], parts[1], &joined) == BS_OK);
    BS_DEMAND(run, bs_text_compare(joined, text) == 0);
    bs_selftest_bytes(run, bs_text_bytes(parts[0]), bs_text_length(parts[0]));
    bs_selftest_number(run, bs_text_hash(text, bs_heap_hash_seed(run->heap)));
    bs_selftest_number(run, (uint64_t)(bs_text_compare(parts[0], parts[1]) < 0));
    const bs_value owned[] = {text, parts[0], parts[1], joined};
    for (int i = 0; i < 4; i++)
      bs_release(run->heap, owned[i]);
  }
}

static void code(bs_selftest_run *run, bs_value value) {
  uint8_t digest[BS_DIGEST_BYTES];
  bs_value bytes;
  bs_value back;
  bool equal;
  BS_DEMAND(run, bs_cbor_encode(run->heap, value, &bytes) == BS_OK);
  bs_status status =
      bs_cbor_decode(run->heap, bs_bytes_data(bytes), bs_bytes_length(bytes), &back, NULL);
  BS_DEMAND(run, status == BS_OK);
  BS_DEMAND(run, bs_value_equal(value, back, &equal) == BS_OK && equal);
  BS_DEMAND(run, bs_value_digest(run->heap, back, digest) == BS_OK);
  bs_selftest_bytes(run, digest, sizeof digest);
  bs_release(run->heap, bytes);
  bs_release(run->heap, back);
  status = bs_msgpack_encode(run->heap, value, &bytes);
  bs_selftest_number(run, status);
  // An integer of more than 64 bits has no MessagePack.
  if (status == BS_RANGE) return;
  BS_DEMAND(run, status == BS_OK);
  bs_selftest_bytes(run, bs_bytes_data(bytes), bs_bytes_length(bytes));
  bs_release(run->heap, bytes);
}

void bs_selftest_codecs(bs_selftest_run *run) {
  for (int turn = 0; turn < 40; turn++) {
    bs_value value = bs_selftest_random_value(run, 2);
    BS_DEMAND(run, value != BS_NONE);
    code(run, value);
    bs_release(run->heap, value);
    if (run->failed != NULL) return;
  }
}
